// SPDX-License-Identifier: Apache-2.0
// What all shells need to know to complete a word: pure facts about the tree of commands.
#pragma once

#include "common/base/command_tree.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// What can stand where a value is expected.
enum class ValueKind {
    anything,  // nothing is proposed
    words,     // one of OptionHelp::words
    file,
    directory,
    jobs,  // asked from `caretaker completion candidates jobs`, and so on
    targets,
    runs,
};

/// Whether a value has to be asked from caretaker itself.
constexpr bool is_dynamic(ValueKind kind) {
    return kind == ValueKind::jobs || kind == ValueKind::targets || kind == ValueKind::runs;
}

/// The word for it: in `completion candidates` and in the scripts.
std::string_view to_string(ValueKind kind);

/// By the name of the value: FILE, DIR, JOB, TARGET and RUN mean the same everywhere.
ValueKind value_kind(const OptionHelp& option);

/// Calls `visit` with the command and each below it, parents first.
void for_each_command(const CommandHelp& command,
                      const std::function<void(const CommandHelp&)>& visit);

/// The options that may stand after a command: its own, and those of every command.
std::vector<OptionHelp> offered_options(const CommandHelp& command, const CommandHelp& program);

}  // namespace caretaker
