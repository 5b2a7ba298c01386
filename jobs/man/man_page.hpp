// SPDX-License-Identifier: Apache-2.0
// A man page of a command, from the tree of commands and the tables of the program.
#pragma once

#include "common/base/command_tree.hpp"

#include <string>

namespace caretaker {

struct ManFacts {
    std::string version{};
    std::string date{};  // of the page, "2026-05-04"
};

/// "caretaker.1" for the program, "caretaker-history.1" for a command.
std::string man_page_name(const CommandHelp& command);

/// `command` is the program itself or one directly below it; what is below that stands in its page.
std::string format_man_page(const CommandHelp& command,
                            const CommandHelp& program,
                            const ManFacts& facts);

}  // namespace caretaker
