// SPDX-License-Identifier: Apache-2.0
#include "jobs/completion/bash_script.hpp"

#include "common/text/shell_quote.hpp"
#include "jobs/completion/completion_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace caretaker {

namespace {

/// What stands before the tables: how a line is read.
constexpr std::string_view walk = R"script(
# What the command line means so far, from the words before the one at the cursor: the command in
# path, how many arguments it has in arguments, and in expects the option whose value comes next.
_caretaker_read() {
    local word
    path=caretaker arguments=0 expects='' settings=()
    for word in "${words[@]:1:${#words[@]}-2}"; do
        if [[ -n $expects ]]; then
            case $expects in
                --config | --store | --target) settings+=("$expects" "$word") ;;
            esac
            expects=''
            continue
        fi
        case $word in
            --config=* | --store=* | --target=*) settings+=("$word") ;;
            --*=*) ;;
            --*) _caretaker_option_value "$path" "$word" && expects=$word ;;
            -?) _caretaker_option_value "$path" "$word" && expects=$word ;;
            -*) ;;
            help) [[ $path == caretaker ]] || ((++arguments)) ;;
            *)
                _caretaker_commands "$path"
                if [[ " $REPLY " == *" $word "* ]]; then
                    path+=" $word"
                else
                    ((++arguments))
                fi
                ;;
        esac
    done
}

# The kind of value that an option takes, in REPLY; false when it takes none. Options of a command
# may also stand after those below it.
_caretaker_option_value() {
    local path=$1
    while true; do
        _caretaker_own_option_value "$path" "$2" && return 0
        [[ $path == *' '* ]] || return 1
        path=${path% *}
    done
}

# The words of COMP_LINE up to the cursor, as the shell separates them: COMP_WORDS is also cut
# at '=' and ':'.
_caretaker_split() {
    local line=${COMP_LINE:0:COMP_POINT} word i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -eq 0 || $line == [[:space:]]* ]]; then
            line=${line#"${line%%[![:space:]]*}"}
            words+=('')
        fi
        [[ $i -lt $COMP_CWORD ]] || word=$line
        words[-1]+=$word
        line=${line#"$word"}
    done
}

# Proposes what can stand for a value: $1 is its kind, $2 its beginning, the rest its words.
_caretaker_propose() {
    local kind=$1 cur=$2
    shift 2
    case $kind in
        file)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        directory)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        words) mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur") ;;
        jobs | targets | runs)
            local proposal
            while IFS= read -r proposal; do
                [[ $proposal != "$cur"* ]] || COMPREPLY+=("$proposal")
            done < <("${program/#\~/$HOME}" "${settings[@]}" completion candidates "$kind" 2>/dev/null)
            ;;
    esac
    # Readline puts the answer after the last character at which it cuts words.
    local cut=${cur%"${cur##*[=:]}"}
    if [[ -n $cut && $COMP_WORDBREAKS == *[=:]* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"$cut"}")
    fi
}

_caretaker() {
    local program=$1 path arguments expects cur REPLY
    local -a words settings
    COMPREPLY=()
    _caretaker_split
    _caretaker_read
    cur=${words[-1]}
    if [[ -n $expects ]]; then
        _caretaker_option_value "$path" "$expects"
        # shellcheck disable=SC2086 # the kind, and then words
        set -- $REPLY
        _caretaker_propose "$1" "$cur" "${@:2}"
    elif [[ $cur == --*=* ]]; then
        _caretaker_option_value "$path" "${cur%%=*}" || return 0
        # shellcheck disable=SC2086
        set -- $REPLY
        _caretaker_propose "$1" "${cur#*=}" "${@:2}"
    elif [[ $cur == -* ]]; then
        _caretaker_options "$path"
        _caretaker_propose words "$cur" "$REPLY"
    else
        _caretaker_commands "$path"
        local commands=$REPLY
        [[ $path != caretaker ]] || commands+=' help'
        if [[ -n $commands && $arguments -eq 0 ]]; then
            _caretaker_propose words "$cur" "$commands"
        fi
        if [[ ${#COMPREPLY[@]} -eq 0 ]] && _caretaker_argument "$path" "$arguments"; then
            # shellcheck disable=SC2086
            set -- $REPLY
            _caretaker_propose "$1" "$cur" "${@:2}"
        fi
    fi
}

complete -F _caretaker caretaker
)script";

/// "words a b" or "targets".
std::string value_words(const OptionHelp& option) {
    const ValueKind kind = value_kind(option);
    return kind == ValueKind::words ? fmt::format("words {}", fmt::join(option.words, " "))
                                    : std::string(to_string(kind));
}

std::string entry(std::string_view pattern, std::string_view reply) {
    return fmt::format("        {}) REPLY={} ;;\n", pattern, shell_quoted(reply));
}

std::string function(std::string_view name,
                     std::string_view comment,
                     std::string_view subject,
                     std::string_view entries) {
    return fmt::format(
        "\n# {}\n{}() {{\n    case {} in\n{}        *) REPLY='' && return 1 ;;\n    esac\n}}\n",
        comment,
        name,
        subject,
        entries);
}

struct Tables {
    std::string commands{};
    std::string options{};
    std::string values{};
    std::string arguments{};
};

void append_command(const CommandHelp& command, const CommandHelp& program, Tables& tables) {
    if (!command.commands.empty()) {
        std::vector<std::string> names;
        for (const CommandHelp& sub : command.commands) {
            names.push_back(sub.name);
        }
        tables.commands +=
            entry(shell_quoted(command.path), fmt::format("{}", fmt::join(names, " ")));
    }
    std::vector<std::string> names;
    for (const OptionHelp& option : offered_options(command, program)) {
        names.insert(names.end(), option.names.begin(), option.names.end());
    }
    tables.options += entry(shell_quoted(command.path), fmt::format("{}", fmt::join(names, " ")));
    int argument = 0;
    for (const OptionHelp& option : command.options) {
        if (option.is_argument) {
            tables.arguments += entry(shell_quoted(fmt::format("{} {}", command.path, argument++)),
                                      value_words(option));
            continue;
        }
        for (const std::string& name : option.names) {
            if (!option.value.empty()) {
                tables.values +=
                    entry(shell_quoted(command.path + ' ' + name), value_words(option));
            }
        }
    }
}

}  // namespace

std::string format_bash_script(const CommandHelp& program) {
    Tables tables;
    for_each_command(program,
                     [&](const CommandHelp& command) { append_command(command, program, tables); });
    return "# bash completion of caretaker, made by `caretaker completion bash`.\n" +
           function("_caretaker_commands", "The commands below one.", "$1", tables.commands) +
           function("_caretaker_options", "The options of a command.", "$1", tables.options) +
           function("_caretaker_own_option_value",
                    "The kind of value of an option, and the words it may be.",
                    "\"$1 $2\"",
                    tables.values) +
           function("_caretaker_argument",
                    "The kind of the nth argument of a command, from 0.",
                    "\"$1 $2\"",
                    tables.arguments) +
           std::string(walk);
}

}  // namespace caretaker
