// SPDX-License-Identifier: Apache-2.0
#include "common/cli/help_formatter.hpp"

#include "common/base/exit_code.hpp"

#include <fmt/format.h>

#include <algorithm>
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

std::string typed_form(const CLI::Option& option) {
    if (option.get_positional()) {
        return option.get_name(true, false);
    }
    std::string names;
    for (const std::string& name : option.get_snames()) {
        names += (names.empty() ? "-" : ", -") + name;
    }
    for (const std::string& name : option.get_lnames()) {
        names += (names.empty() ? "    --" : ", --") + name;
    }
    const std::string type = option.get_type_name();
    return option.get_expected_max() == 0 || type.empty() ? names : names + ' ' + type;
}

std::vector<Entry> option_entries(const CLI::App& app, const std::string& group, bool positional) {
    std::vector<Entry> entries;
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group() == group && option->get_positional() == positional) {
            entries.emplace_back(typed_form(*option), option->get_description());
        }
    }
    return entries;
}

std::vector<Entry> command_entries(const CLI::App& app, const std::string& group) {
    std::vector<Entry> entries;
    for (const CLI::App* sub : app.get_subcommands(nullptr)) {
        if (sub->get_group() == group) {
            const std::string description = sub->get_description();
            entries.emplace_back(sub->get_name(), description.substr(0, description.find('\n')));
        }
    }
    return entries;
}

std::string usage_line(const CLI::App& app) {
    std::string path = app.get_name();
    for (const CLI::App* parent = app.get_parent(); parent != nullptr;
         parent = parent->get_parent()) {
        path = parent->get_name() + ' ' + path;
    }
    if (!app.get_subcommands(nullptr).empty()) {
        path += app.get_require_subcommand_min() > 0 ? " COMMAND" : " [COMMAND]";
    }
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_positional()) {
            path += ' ' + option->get_name(true, false);
        }
    }
    return "Usage: " + path + " [OPTIONS]\n";
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
    std::string out = app->get_description() + "\n\n" + usage_line(*app);
    std::vector<std::string> groups;
    for (const CLI::App* sub : app->get_subcommands(nullptr)) {
        if (std::ranges::find(groups, sub->get_group()) == groups.end()) {
            groups.push_back(sub->get_group());
        }
    }
    for (const std::string& group : groups) {
        append_section(out, group, command_entries(*app, group));
    }
    append_section(out, "Arguments", option_entries(*app, "Options", true));
    for (const std::string& group : app->get_groups()) {
        append_section(out, group, option_entries(*app, group, false));
    }
    if (!app->get_footer().empty()) {
        out += '\n' + app->get_footer();
    }
    return out;
}

}  // namespace caretaker
