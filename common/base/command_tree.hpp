// SPDX-License-Identifier: Apache-2.0
// The commands and options as plain data: what help, man pages and shell completion are made from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// The heading of the root's options that every command takes.
inline constexpr std::string_view global_group = "Options of every command";

/// One option or argument of a command.
struct OptionHelp {
    std::vector<std::string> names{};  // "-o", "--output"; an argument: its one name
    std::string value{};               // what stands for its value, "FORMAT"; empty: a flag
    std::vector<std::string> words{};  // the only values it takes; empty: any
    std::string description{};
    std::string group{};  // the heading it stands under
    bool is_argument = false;
    bool required = false;
    bool repeatable = false;
};

/// A command with everything below it; the root is the program.
struct CommandHelp {
    std::string name{};
    std::string path{};  // "caretaker history show"
    std::string summary{};
    std::string description{};  // paragraphs after the summary; may be empty
    std::string examples{};     // command lines, each followed by what it does
    std::string group{};        // the heading it stands under
    bool recorded = false;      // a job whose runs the store keeps
    bool needs_command = false;
    std::vector<OptionHelp> options{};  // own ones; those of every command stand at the root
    std::vector<CommandHelp> commands{};
};

/// What to type: "-o, --output FORMAT"; an argument's name alone.
std::string typed_form(const OptionHelp& option);

/// The description with the words that may be given, where it does not hold them already.
std::string meaning(const OptionHelp& option);

/// The words after "Usage:", e.g. "caretaker history show RUN [OPTIONS]".
std::string usage(const CommandHelp& command);

/// The root's options that every command takes.
std::vector<OptionHelp> global_options(const CommandHelp& program);

/// The headings of the command's options in the order of their first use.
std::vector<std::string> option_groups(const CommandHelp& command);

}  // namespace caretaker
