// SPDX-License-Identifier: Apache-2.0
#include "common/cli/help_formatter.hpp"

#include "common/base/exit_code.hpp"
#include "common/cli/command_tree_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

using Entry = std::pair<std::string, std::string>;  // what is typed, what it means

constexpr std::size_t text_column = 30;
constexpr std::size_t line_width = 100;

/// Appends `text` wrapped between text_column and line_width; the cursor stands at `column`.
void append_wrapped(std::string& out, std::string_view text, std::size_t column) {
    if (column + 2 > text_column) {
        out += '\n';
        column = 0;
    }
    out.append(text_column - column, ' ');
    column = text_column;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (column != text_column && column + 1 + end > line_width) {
            out.append(1, '\n').append(text_column, ' ');
            column = text_column;
        } else if (column != text_column) {
            out += ' ';
            ++column;
        }
        out += text.substr(0, end);
        column += end;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    out += '\n';
}

void append_section(std::string& out, std::string_view title, const std::vector<Entry>& entries) {
    if (entries.empty()) {
        return;
    }
    out += fmt::format("\n{}:\n", title);
    for (const auto& [typed, meaning] : entries) {
        out += "  " + typed;
        append_wrapped(out, meaning, 2 + typed.size());
    }
}

std::vector<Entry> option_entries(const CommandHelp& command, const std::string& group) {
    std::vector<Entry> entries;
    for (const OptionHelp& option : command.options) {
        if (!option.is_argument && option.group == group) {
            entries.emplace_back(typed_form(option), meaning(option));
        }
    }
    return entries;
}

std::vector<Entry> argument_entries(const CommandHelp& command) {
    std::vector<Entry> entries;
    for (const OptionHelp& option : command.options) {
        if (option.is_argument) {
            entries.emplace_back(typed_form(option), meaning(option));
        }
    }
    return entries;
}

void append_commands(std::string& out, const CommandHelp& command) {
    std::vector<std::string> groups;
    for (const CommandHelp& sub : command.commands) {
        if (std::ranges::find(groups, sub.group) == groups.end()) {
            groups.push_back(sub.group);
        }
    }
    for (const std::string& group : groups) {
        std::vector<Entry> entries;
        for (const CommandHelp& sub : command.commands) {
            if (sub.group == group) {
                entries.emplace_back(sub.name, sub.summary);
            }
        }
        append_section(out, group, entries);
    }
}

constexpr std::string_view examples_title = "Examples:\n";

/// The examples at the front of a command's footer, which help shows before the options.
std::string_view examples_of(std::string_view footer) {
    return footer.starts_with(examples_title) ? footer.substr(0, footer.find("\n\n") + 1)
                                              : std::string_view();
}

}  // namespace

std::string exit_status_help() {
    std::string out = "Exit status:\n";
    for (const ExitCodeInfo& row : exit_codes()) {
        out += fmt::format("  {:>3}  {}\n", static_cast<int>(row.code), row.meaning);
    }
    return out;
}

std::string HelpFormatter::make_help(const CLI::App* app,
                                     std::string /*name*/,
                                     CLI::AppFormatMode /*mode*/) const {
    const CommandHelp command = read_command(*app);
    std::string out = app->get_description() + "\n\nUsage: " + usage(command) + '\n';
    const std::string footer = app->get_footer();
    std::string_view rest = footer;
    if (const std::string_view examples = examples_of(footer); !examples.empty()) {
        out += fmt::format("\n{}", examples);
        rest.remove_prefix(examples.size());
        rest.remove_prefix(std::min(rest.find_first_not_of('\n'), rest.size()));
    }
    append_commands(out, command);
    append_section(out, "Arguments", argument_entries(command));
    for (const std::string& group : option_groups(command)) {
        append_section(out, group, option_entries(command, group));
    }
    if (!rest.empty()) {
        out += fmt::format("\n{}", rest);
    }
    return out;
}

std::string short_help(std::span<const JobEntry> registry) {
    std::string out;
    std::vector<Entry> entries;
    for (const JobEntry& entry : registry) {
        entries.emplace_back(entry.info.name, entry.info.summary);
    }
    append_section(out, "Commands", entries);
    return "Usage: caretaker COMMAND [OPTIONS]\n" + out +
           "\nRun caretaker COMMAND --help for examples, caretaker --help for all options";
}

}  // namespace caretaker
