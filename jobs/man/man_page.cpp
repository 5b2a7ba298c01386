// SPDX-License-Identifier: Apache-2.0
#include "jobs/man/man_page.hpp"

#include "common/base/exit_code.hpp"
#include "common/config/key_table.hpp"
#include "common/config/variable_table.hpp"
#include "common/text/ascii.hpp"
#include "jobs/man/roff_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace caretaker {

namespace {

struct FileInfo {
    std::string_view path{};
    std::string_view meaning{};
};

constexpr std::array files{
    FileInfo{"/etc/caretaker/caretaker.yml", "The configuration, where no other file is named."},
    FileInfo{"/etc/caretaker/conf.d/*.yml", "Parts of it, read after it in byte order."},
    FileInfo{"~/.config/caretaker/caretaker.yml", "The configuration, where the system has none."},
    FileInfo{"/var/lib/caretaker/caretaker.db", "The results of all runs (SQLite)."},
    FileInfo{"~/.local/state/caretaker/caretaker.db",
             "The same, for a user who may not write the one above."},
};

bool is_program(const CommandHelp& command, const CommandHelp& program) {
    return &command == &program;
}

std::string page_title(const CommandHelp& command) {
    std::string title = command.path;
    std::ranges::replace(title, ' ', '-');
    return title;
}

void append_section(std::string& out, std::string_view title) {
    out += fmt::format(".SH {}\n", roff_argument(title));
}

/// An entry of a list: what is typed or named, and what it means.
void append_entry(std::string& out, std::string_view tag, std::string_view meaning) {
    out += fmt::format(".TP\n{}\n{}\n", tag, roff_escaped(meaning));
}

std::string bold(std::string_view text) {
    return fmt::format("\\fB{}\\fR", roff_escaped(text));
}

std::string italic(std::string_view text) {
    return fmt::format("\\fI{}\\fR", roff_escaped(text));
}

std::string option_tag(const OptionHelp& option) {
    if (option.is_argument) {
        return italic(option.names.front());
    }
    std::string tag;
    for (const std::string& name : option.names) {
        tag += (tag.empty() ? "" : ", ") + bold(name);
    }
    return option.value.empty() ? tag : tag + ' ' + italic(option.value);
}

void append_options(std::string& out, const CommandHelp& command) {
    for (const OptionHelp& option : command.options) {
        if (option.is_argument) {
            append_entry(out, option_tag(option), meaning(option));
        }
    }
    for (const std::string& group : option_groups(command)) {
        if (group != "Options") {  // CLI11's name for those without a group of their own
            out += fmt::format(".SS {}\n", roff_argument(group));
        }
        for (const OptionHelp& option : command.options) {
            if (!option.is_argument && option.group == group) {
                append_entry(out, option_tag(option), meaning(option));
            }
        }
    }
}

void append_paragraphs(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\n\n"), text.size());
        out += fmt::format(".PP\n{}\n", roff_escaped(text.substr(0, end)));
        text.remove_prefix(std::min(end + 2, text.size()));
    }
}

/// Lines in six columns explain the command line above them, in two columns.
void append_examples(std::string& out, std::string_view examples) {
    while (!examples.empty()) {
        const std::size_t end = std::min(examples.find('\n'), examples.size());
        const std::string_view line = examples.substr(0, end);
        const std::size_t text = std::min(line.find_first_not_of(' '), line.size());
        if (text < 6) {
            out += fmt::format(".TP\n{}\n", bold(line.substr(text)));
        } else {
            out += roff_escaped(line.substr(text)) + '\n';
        }
        examples.remove_prefix(std::min(end + 1, examples.size()));
    }
}

void append_synopsis(std::string& out, const CommandHelp& command) {
    const std::string typed = usage(command).substr(command.path.size());
    out += fmt::format(".PP\n{}{}\n", bold(command.path), italic(typed));
    for (const CommandHelp& sub : command.commands) {
        if (sub.path.find(' ') != sub.path.rfind(' ')) {  // those with pages have their own there
            append_synopsis(out, sub);
        }
    }
}

void append_program_commands(std::string& out, const CommandHelp& program) {
    append_section(out, "COMMANDS");
    for (const CommandHelp& command : program.commands) {
        append_entry(out, bold(page_title(command)) + "(1)", command.summary);
    }
    append_entry(out, bold("caretaker help") + ' ' + italic("COMMAND"), "Print a command's help");
}

void append_sub_commands(std::string& out, const CommandHelp& command) {
    append_section(out, "COMMANDS");
    for (const CommandHelp& sub : command.commands) {
        out += fmt::format(".SS {}\n", roff_argument(usage(sub)));
        append_paragraphs(out, sub.summary + ".");
        append_paragraphs(out, sub.description);
        CommandHelp own = sub;
        std::erase_if(own.options, [](const OptionHelp& option) {
            return option.names.front() == "-h";  // said once is enough
        });
        for (OptionHelp& option : own.options) {
            option.group = "Options";
        }
        append_options(out, own);
    }
}

void append_exit_status(std::string& out) {
    append_section(out, "EXIT STATUS");
    for (const ExitCodeInfo& row : exit_codes()) {
        append_entry(out, bold(std::to_string(static_cast<int>(row.code))), row.meaning);
    }
}

void append_variables(std::string& out, bool all) {
    append_section(out, "ENVIRONMENT");
    for (const VariableInfo& variable : own_variables()) {
        if (!variable.help.empty()) {
            append_entry(out, bold(variable.name), variable.help);
        }
    }
    if (!all) {
        append_paragraphs(out, "The variables of all settings stand in caretaker(1).");
        return;
    }
    for (const VariableInfo& variable : common_variables()) {
        append_entry(out, bold(variable.name), variable.help);
    }
    out += ".SS \"Variables of the settings\"\n";
    append_paragraphs(out,
                      "NAME stands for the target's name in capitals. A variable with _FILE at its "
                      "end names a file that holds the value.");
    for (const KeySpec& spec : key_table()) {
        std::string path(spec.path);
        if (path.starts_with("cleanup.files.")) {  // rules stand in files alone
            continue;
        }
        if (const std::size_t star = path.find('*'); star != std::string::npos) {
            path.replace(star, 1, "NAME");
        }
        append_entry(out, bold(environment_name(path)), spec.help);
    }
}

void append_files(std::string& out) {
    append_section(out, "FILES");
    for (const FileInfo& file : files) {
        append_entry(out, italic(file.path), file.meaning);
    }
}

void append_see_also(std::string& out, const CommandHelp& command, const CommandHelp& program) {
    append_section(out, "SEE ALSO");
    std::string list;
    const auto add = [&list](const CommandHelp& page) {
        list += fmt::format("{}{}(1)", list.empty() ? "" : ", ", bold(page_title(page)));
    };
    if (!is_program(command, program)) {
        add(program);
    }
    for (const CommandHelp& other : program.commands) {
        if (other.name != command.name) {
            add(other);
        }
    }
    out += list + '\n';
}

/// "Show what past runs did" → "show what past runs did"; an abbreviation keeps its capitals.
std::string whatis(const std::string& summary) {
    const bool is_word =
        summary.size() > 1 && ascii_upper(summary.substr(1, 1)) != summary.substr(1, 1);
    return is_word ? ascii_lower(summary.substr(0, 1)) + summary.substr(1) : summary;
}

}  // namespace

std::string man_page_name(const CommandHelp& command) {
    return page_title(command) + ".1";
}

std::string format_man_page(const CommandHelp& command,
                            const CommandHelp& program,
                            const ManFacts& facts) {
    std::string out = fmt::format(
        ".\\\" Made by `caretaker man` from the program itself.\n"
        ".TH {} 1 {} {} \"caretaker\"\n",
        roff_argument(ascii_upper(page_title(command))),
        roff_argument(facts.date),
        roff_argument("caretaker " + facts.version));
    append_section(out, "NAME");
    out += fmt::format(
        "{} \\- {}\n", roff_escaped(page_title(command)), roff_escaped(whatis(command.summary)));
    append_section(out, "SYNOPSIS");
    append_synopsis(out, command);
    append_section(out, "DESCRIPTION");
    append_paragraphs(out,
                      command.description.empty() ? command.summary + "." : command.description);
    if (is_program(command, program)) {
        append_program_commands(out, program);
    } else if (!command.commands.empty()) {
        append_sub_commands(out, command);
    }
    append_section(out, "OPTIONS");
    append_options(out, command);
    if (!is_program(command, program)) {
        append_paragraphs(out, "The options of every command stand in caretaker(1).");
    }
    append_section(out, "EXAMPLES");
    append_examples(out, command.examples);
    append_exit_status(out);
    append_variables(out, is_program(command, program));
    append_files(out);
    append_see_also(out, command, program);
    return out;
}

}  // namespace caretaker
