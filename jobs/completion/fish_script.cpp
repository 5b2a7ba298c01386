// SPDX-License-Identifier: Apache-2.0
#include "jobs/completion/fish_script.hpp"

#include "jobs/completion/completion_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace caretaker {

namespace {

/// Follows the lists of commands and options.
constexpr std::string_view helpers = R"script(
# The command that the words before the cursor name, e.g. "caretaker history show".
function __caretaker_path
    set -l path caretaker
    set -l is_value no
    for word in (commandline -opc)[2..-1]
        if test $is_value = yes
            set is_value no
            continue
        end
        switch $word
            case '--*=*'
            case '-*'
                contains -- $word $__caretaker_valued
                and set is_value yes
            case '*'
                contains -- "$path $word" $__caretaker_commands
                and set path "$path $word"
        end
    end
    echo $path
end

function __caretaker_at
    test (__caretaker_path) = "$argv[1]"
end

# Asks caretaker itself, with the settings that stand on the line.
function __caretaker_candidates
    set -l words (commandline -opc)
    set -l settings
    for i in (seq 2 (count $words))
        switch $words[$i]
            case '--config=*' '--store=*' '--target=*'
                set -a settings $words[$i]
            case --config --store --target
                test $i -lt (count $words)
                and set -a settings $words[$i] $words[(math $i + 1)]
        end
    end
    caretaker $settings completion candidates $argv[1] 2>/dev/null
end

complete -c caretaker -f
)script";

std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out.append(c == '\'' || c == '\\' ? 1 : 0, '\\').append(1, c);
    }
    return out + '\'';
}

/// The part of a `complete` line that says what can be proposed; empty: nothing.
std::string proposals(const OptionHelp& option) {
    switch (const ValueKind kind = value_kind(option)) {
        case ValueKind::anything:
            return {};
        case ValueKind::words:
            return " -a " + in_quotes(fmt::format("{}", fmt::join(option.words, " ")));
        case ValueKind::file:
            return " -F";
        case ValueKind::directory:
            return " -a '(__fish_complete_directories)'";
        case ValueKind::jobs:
        case ValueKind::targets:
        case ValueKind::runs:
            return fmt::format(" -a '(__caretaker_candidates {})'", to_string(kind));
    }
    return {};
}

std::string line(const std::string& condition, const std::string& what) {
    return "complete -c caretaker" + (condition.empty() ? "" : " -n " + condition) + what + '\n';
}

std::string at(const CommandHelp& command) {
    return in_quotes(fmt::format("__caretaker_at \"{}\"", command.path));
}

std::string option_line(const std::string& condition, const OptionHelp& option) {
    std::string what;
    for (const std::string& name : option.names) {
        what += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (!option.value.empty()) {
        what += value_kind(option) == ValueKind::file ? " -r" : " -x";
    }
    return line(condition, what + proposals(option) + " -d " + in_quotes(option.description));
}

std::string command_lines(const CommandHelp& command) {
    std::string out;
    for (const CommandHelp& sub : command.commands) {
        out += line(at(command), " -a " + in_quotes(sub.name) + " -d " + in_quotes(sub.summary));
    }
    for (const OptionHelp& option : command.options) {
        if (option.is_argument && value_kind(option) != ValueKind::anything) {
            out += line(at(command), proposals(option) + " -d " + in_quotes(option.description));
        } else if (!option.is_argument) {
            out += option_line(option.group == global_group ? "" : at(command), option);
        }
    }
    return out;
}

}  // namespace

std::string format_fish_script(const CommandHelp& program) {
    std::vector<std::string> commands;
    std::vector<std::string> valued;
    std::string lines;
    for_each_command(program, [&](const CommandHelp& command) {
        commands.push_back(in_quotes(command.path));
        for (const OptionHelp& option : command.options) {
            for (const std::string& name : option.names) {
                const bool is_new = std::ranges::find(valued, name) == valued.end();
                if (!option.is_argument && !option.value.empty() && is_new) {
                    valued.push_back(name);
                }
            }
        }
        lines += command_lines(command);
    });
    return fmt::format(
        "# fish completion of caretaker, made by `caretaker completion fish`.\n"
        "set -g __caretaker_commands {}\nset -g __caretaker_valued {}\n{}{}{}",
        fmt::join(commands, " "),
        fmt::join(valued, " "),
        helpers,
        "complete -c caretaker -n '__caretaker_at caretaker' -a help -d 'Print the help of a "
        "command'\n",
        lines);
}

}  // namespace caretaker
