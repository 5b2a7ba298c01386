// SPDX-License-Identifier: Apache-2.0
#include "jobs/completion/zsh_script.hpp"

#include "jobs/completion/completion_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::string_view helpers = R"script(
# Asks caretaker itself, with the settings that stand on the line. The last argument is the kind;
# those before it are for compadd.
_caretaker_candidates() {
    local -a found
    found=(${(f)"$(caretaker $caretaker_settings completion candidates $argv[-1] 2>/dev/null)"})
    compadd "${(@)argv[1,-2]}" -a found
}

_caretaker() {
    local -a caretaker_settings
    local i
    for ((i = 2; i < CURRENT; i++)); do
        case $words[i] in
            --config=*|--store=*|--target=*) caretaker_settings+=("$words[i]") ;;
            --config|--store|--target)
                ((i + 1 < CURRENT)) && caretaker_settings+=("$words[i]" "$words[i+1]") ;;
        esac
    done
    _caretaker_of_caretaker
}

if [[ $funcstack[1] == _caretaker ]]; then
    _caretaker "$@"
else
    compdef _caretaker caretaker
fi
)script";

/// In single quotes, with `special` characters behind a backslash for _arguments or _describe.
std::string quoted(std::string_view text, std::string_view special) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out.append(special.find(c) == std::string_view::npos ? 0 : 1, '\\').append(1, c);
        }
    }
    return out + '\'';
}

/// What _arguments does to complete a value.
std::string action(const OptionHelp& option) {
    switch (const ValueKind kind = value_kind(option)) {
        case ValueKind::anything:
            return " ";
        case ValueKind::words:
            return fmt::format("({})", fmt::join(option.words, " "));
        case ValueKind::file:
            return "_files";
        case ValueKind::directory:
            return "_files -/";
        case ValueKind::jobs:
        case ValueKind::targets:
        case ValueKind::runs:
            return fmt::format("_caretaker_candidates {}", to_string(kind));
    }
    return " ";
}

/// "'(-o --output)'{-o,--output}'[Form of the result]:value:(table json)'".
std::string option_spec(const OptionHelp& option) {
    const std::string text = quoted(fmt::format("{}", option.description), "\\[]:");
    std::string rest = "'[" + text.substr(1, text.size() - 2) + ']';
    if (!option.value.empty()) {
        rest += fmt::format(":value:{}", action(option));
    }
    const std::string before =
        option.repeatable ? "'*'" : fmt::format("'({})'", fmt::join(option.names, " "));
    const std::string names = option.names.size() == 1
                                  ? option.names.front()
                                  : fmt::format("{{{}}}", fmt::join(option.names, ","));
    return before + names + rest + '\'';
}

std::string function_name(const CommandHelp& command) {
    std::string name = "_caretaker_of_" + command.path;
    std::ranges::replace(name, ' ', '_');
    std::ranges::replace(name, '-', '_');
    return name;
}

std::string describe_commands(const CommandHelp& command, bool is_program) {
    std::string out = "            local -a commands\n            commands=(\n";
    for (const CommandHelp& sub : command.commands) {
        out += fmt::format("                {}\n", quoted(sub.name + ":" + sub.summary, "\\"));
    }
    if (is_program) {
        out += "                'help:Print the help of a command'\n";
    }
    return out + "            )\n            _describe -t commands command commands\n";
}

std::string command_function(const CommandHelp& command, const CommandHelp& program) {
    std::string out = fmt::format(
        "\n{}() {{\n    local curcontext=$curcontext state state_descr line\n"
        "    typeset -A opt_args\n    _arguments -C -s",
        function_name(command));
    for (const OptionHelp& option : offered_options(command, program)) {
        out += " \\\n        " + option_spec(option);
    }
    for (const OptionHelp& option : command.options) {
        if (option.is_argument) {
            out += fmt::format(" \\\n        '{}:{}:{}'",
                               option.required ? "" : ":",
                               option.names.front(),
                               action(option));
        }
    }
    if (command.commands.empty()) {
        return out + "\n}\n";
    }
    out += " \\\n        '1: :->command' '*:: :->rest'\n    case $state in\n        command)\n" +
           describe_commands(command, &command == &program) +
           "            ;;\n        rest)\n            case $words[1] in\n";
    for (const CommandHelp& sub : command.commands) {
        out += fmt::format("                {}) {} ;;\n", sub.name, function_name(sub));
    }
    if (&command == &program) {
        out += fmt::format("                help) {} ;;\n", function_name(program));
    }
    return out + "            esac\n            ;;\n    esac\n}\n";
}

}  // namespace

std::string format_zsh_script(const CommandHelp& program) {
    std::string out =
        "#compdef caretaker\n# zsh completion of caretaker, made by `caretaker completion zsh`.\n";
    for_each_command(
        program, [&](const CommandHelp& command) { out += command_function(command, program); });
    return out + std::string(helpers);
}

}  // namespace caretaker
