// SPDX-License-Identifier: Apache-2.0
#include "jobs/completion/completion_model.hpp"

namespace caretaker {

std::string_view to_string(ValueKind kind) {
    switch (kind) {
        case ValueKind::anything:
            break;
        case ValueKind::words:
            return "words";
        case ValueKind::file:
            return "file";
        case ValueKind::directory:
            return "directory";
        case ValueKind::jobs:
            return "jobs";
        case ValueKind::targets:
            return "targets";
        case ValueKind::runs:
            return "runs";
    }
    return "anything";
}

ValueKind value_kind(const OptionHelp& option) {
    if (!option.words.empty()) {
        return ValueKind::words;
    }
    if (option.value == "FILE") {
        return ValueKind::file;
    }
    if (option.value == "DIR") {
        return ValueKind::directory;
    }
    if (option.value == "JOB") {
        return ValueKind::jobs;
    }
    if (option.value == "TARGET") {
        return ValueKind::targets;
    }
    return option.value == "RUN" ? ValueKind::runs : ValueKind::anything;
}

void for_each_command(const CommandHelp& command,
                      const std::function<void(const CommandHelp&)>& visit) {
    visit(command);
    for (const CommandHelp& sub : command.commands) {
        for_each_command(sub, visit);
    }
}

std::vector<OptionHelp> offered_options(const CommandHelp& command, const CommandHelp& program) {
    std::vector<OptionHelp> options;
    for (const OptionHelp& option : command.options) {
        if (!option.is_argument) {
            options.push_back(option);
        }
    }
    if (&command != &program) {
        const std::vector<OptionHelp> shared = global_options(program);
        options.insert(options.end(), shared.begin(), shared.end());
    }
    return options;
}

}  // namespace caretaker
