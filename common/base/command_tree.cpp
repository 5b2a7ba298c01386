// SPDX-License-Identifier: Apache-2.0
#include "common/base/command_tree.hpp"

#include <algorithm>

namespace caretaker {

std::string typed_form(const OptionHelp& option) {
    if (option.is_argument) {
        return option.names.front();
    }
    // Long names stand under each other, whether or not a short one is before them.
    std::string out = option.names.front().starts_with("--") ? "    " : "";
    for (const std::string& name : option.names) {
        out += (&name == &option.names.front() ? "" : ", ") + name;
    }
    return option.value.empty() ? out : out + ' ' + option.value;
}

std::string meaning(const OptionHelp& option) {
    const bool told = std::ranges::all_of(option.words, [&option](const std::string& word) {
        return option.description.find(word) != std::string::npos ||
               option.value.find(word) != std::string::npos;
    });
    if (told) {
        return option.description;
    }
    std::string out = option.description + ": ";
    for (const std::string& word : option.words) {
        out += (&word == &option.words.front() ? "" : ", ") + word;
    }
    return out;
}

std::string usage(const CommandHelp& command) {
    std::string out = command.path;
    if (!command.commands.empty()) {
        out += command.needs_command ? " COMMAND" : " [COMMAND]";
    }
    for (const OptionHelp& option : command.options) {
        if (option.is_argument) {
            out +=
                ' ' + (option.required ? option.names.front() : '[' + option.names.front() + ']');
        }
    }
    return out + " [OPTIONS]";
}

std::vector<OptionHelp> global_options(const CommandHelp& program) {
    std::vector<OptionHelp> options;
    for (const OptionHelp& option : program.options) {
        if (option.group == global_group) {
            options.push_back(option);
        }
    }
    return options;
}

std::vector<std::string> option_groups(const CommandHelp& command) {
    std::vector<std::string> groups;
    for (const OptionHelp& option : command.options) {
        if (!option.is_argument && std::ranges::find(groups, option.group) == groups.end()) {
            groups.push_back(option.group);
        }
    }
    return groups;
}

}  // namespace caretaker
