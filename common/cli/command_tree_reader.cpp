// SPDX-License-Identifier: Apache-2.0
#include "common/cli/command_tree_reader.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace caretaker {

namespace {

/// The words of CLI11's description of a set, "{wal,truncate}", or of alternatives, "wal|truncate".
std::vector<std::string> split_words(std::string_view list, char separator) {
    std::vector<std::string> words;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(separator), list.size());
        words.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return words;
}

/// CLI11 appends to the name of the value what a set of choices says of itself: "WORD:{a,b}".
void read_value(const std::string& type, OptionHelp& out) {
    const std::size_t set = type.find(":{");
    if (set != std::string::npos && type.ends_with('}')) {
        out.value = type.substr(0, set);
        out.words = split_words(std::string_view(type).substr(set + 2, type.size() - set - 3), ',');
        return;
    }
    out.value = type;
    if (out.value.find('|') != std::string::npos) {
        out.words = split_words(out.value, '|');
    }
}

OptionHelp read_option(const CLI::Option& option) {
    OptionHelp out{.description = option.get_description(),
                   .group = option.get_group(),
                   .is_argument = option.get_positional(),
                   .required = option.get_required(),
                   .repeatable = option.get_expected_max() > 1};
    if (out.is_argument) {
        out.names.push_back(option.get_name(true, false));
    }
    for (const std::string& name : option.get_snames()) {
        out.names.push_back("-" + name);
    }
    for (const std::string& name : option.get_lnames()) {
        out.names.push_back("--" + name);
    }
    if (option.get_expected_max() != 0) {
        read_value(option.get_type_name(), out);
    }
    return out;
}

void split_description(const std::string& text, CommandHelp& out) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.summary = text.substr(0, end);
    const std::size_t rest = text.find_first_not_of('\n', end);
    out.description = rest == std::string::npos ? "" : text.substr(rest);
}

/// The first command line with the lines that explain it.
std::string first_example(std::string_view examples) {
    const std::string_view first = examples.substr(0, examples.find("\n  caretaker "));
    return first.ends_with('\n') ? std::string(first) : std::string(first) + '\n';
}

}  // namespace

std::string command_path(const CLI::App& app) {
    std::string path = app.get_name();
    for (const CLI::App* parent = app.get_parent(); parent != nullptr;
         parent = parent->get_parent()) {
        path.insert(0, parent->get_name() + ' ');
    }
    return path;
}

CommandHelp read_command(const CLI::App& app) {
    CommandHelp out{.name = app.get_name(),
                    .path = command_path(app),
                    .group = app.get_group(),
                    .needs_command = app.get_require_subcommand_min() > 0};
    split_description(app.get_description(), out);
    for (const CLI::Option* option : app.get_options()) {
        if (!option->get_group().empty()) {
            out.options.push_back(read_option(*option));
        }
    }
    for (const CLI::App* command : app.get_subcommands(nullptr)) {
        if (!command->get_group().empty()) {
            out.commands.push_back(read_command(*command));
        }
    }
    return out;
}

CommandHelp read_command_tree(const CLI::App& program, std::span<const JobEntry> registry) {
    CommandHelp root = read_command(program);
    for (CommandHelp& command : root.commands) {
        const auto row = std::ranges::find(
            registry, command.name, [](const JobEntry& entry) { return entry.info.name; });
        if (row != registry.end()) {
            command.examples = row->info.examples;
            command.recorded = is_recorded(row->info.kind);
            root.examples += first_example(row->info.examples);
        }
    }
    return root;
}

}  // namespace caretaker
