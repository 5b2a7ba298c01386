// SPDX-License-Identifier: Apache-2.0
// Reads CLI11's tree of commands into plain data.
#pragma once

#include "common/base/command_tree.hpp"
#include "common/base/job.hpp"

#include <span>
#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace caretaker {

/// The command's name behind those above it: "caretaker history show".
std::string command_path(const CLI::App& app);

/// The command and everything below it. Hidden commands and options, those of the empty group, are
/// left out, and so are examples, which CLI11 does not know.
CommandHelp read_command(const CLI::App& app);

/// The whole program, with what the registry says of each job; its own examples are the first of
/// each job.
CommandHelp read_command_tree(const CLI::App& program, std::span<const JobEntry> registry);

}  // namespace caretaker
