// SPDX-License-Identifier: Apache-2.0
#include "common/cli/command_line.hpp"

#include "common/base/command_tree.hpp"
#include "common/base/error.hpp"
#include "common/cli/command_tree_reader.hpp"
#include "common/cli/help_formatter.hpp"
#include "common/options/command_options.hpp"
#include "common/text/edit_distance.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 5> format_names{"table", "json", "jsonl", "csv", "none"};

std::optional<OutputFormat> parse_output_format(std::string_view name) {
    const auto* found = std::ranges::find(format_names, name);
    if (found == format_names.end()) {
        return std::nullopt;
    }
    return static_cast<OutputFormat>(found - format_names.begin());
}

ColourChoice read_colour(std::string_view word) {
    if (word == "auto") {
        return ColourChoice::automatic;
    }
    if (word == "always") {
        return ColourChoice::always;
    }
    if (word == "never") {
        return ColourChoice::never;
    }
    throw CLI::ValidationError(
        fmt::format("--color: '{}' is not known; write auto, always or never", word));
}

std::string group_of(JobKind kind) {
    switch (kind) {
        case JobKind::inspect:
            return "Commands that show";
        case JobKind::administer:
            return "Commands that administer";
        default:
            return "Jobs";
    }
}

/// What parsing fills in besides the jobs' own options.
struct Parsed {
    CommandLine command{};
    bool version = false;
    bool json = false;
    bool quiet = false;
    int verbose = 0;
};

void add_global_options(CLI::App& app, Parsed& parsed) {
    GlobalOptions& globals = parsed.command.globals;
    const auto group = [](CLI::Option* option) { return option->group(std::string(global_group)); };
    group(app.add_option("--config",
                         globals.config_files,
                         "Configuration file instead of the default; repeatable"))
        ->allow_extra_args(false)
        ->type_name("FILE");
    group(
        app.add_option("--target", globals.target, "Platform to work on, as named under targets:"))
        ->type_name("TARGET");
    group(app.add_option("--store", globals.store, "SQLite file for results, or none"))
        ->type_name("FILE");
    group(app.add_option("--statsd",
                         globals.statsd,
                         "Where metrics go: host:port, tcp://host:port, file:///path or none"))
        ->type_name("ADDRESS");
    group(app.add_flag("--no-statsd", globals.no_statsd, "Send no metrics"));
    group(app.add_option_function<std::string>(
              "-o,--output",
              [&globals](const std::string& name) {
                  const auto format = parse_output_format(name);
                  if (!format) {
                      throw CLI::ValidationError(fmt::format(
                          "--output: '{}' is not a format; write table, json, jsonl, csv or none",
                          name));
                  }
                  globals.output = *format;
              },
              "Form of the result"))
        ->type_name(fmt::format("{}", fmt::join(format_names, "|")));
    group(app.add_option_function<std::string>(
              "--color",
              [&globals](const std::string& word) { globals.colour = read_colour(word); },
              "Colours: auto (default) shows them on a terminal"))
        ->type_name("auto|always|never");
    group(app.add_flag("--utc", globals.utc, "Times in UTC on a terminal, too"));
    group(app.add_flag("--no-progress", globals.no_progress, "No progress bar"));
    group(app.add_flag("-q,--quiet", parsed.quiet, "Log errors only"));
    group(app.add_flag(
        "-v,--verbose", parsed.verbose, "Log each step; -vv also what goes over HTTP"));
    app.add_flag("--version",
                 parsed.version,
                 "Print the version; with -v or --json also of every library")
        ->group("Options");
    app.add_flag("--json", parsed.json, "With --version: as JSON")->group("Options");
}

std::string job_footer(const JobInfo& info) {
    std::string out;
    if (!info.examples.empty()) {
        out += fmt::format("Examples:\n{}\n\n", info.examples);
    }
    return out + "Options of every command: see caretaker --help\n\n" + exit_status_help();
}

struct JobCommand {
    const JobEntry* entry = nullptr;
    std::unique_ptr<Job> job{};
    const CLI::App* app = nullptr;
};

/// Whether the command's options matter to who gave these arguments: it is named among them, or a
/// command is that is about the options of all.
bool needs_options(const JobInfo& info,
                   std::span<const JobEntry> registry,
                   const std::vector<std::string>& args) {
    const auto is_named = [&](const JobInfo& one) {
        return std::ranges::find(args, one.name) != args.end();
    };
    return is_named(info) || std::ranges::any_of(registry, [&](const JobEntry& entry) {
               return entry.info.is_about_options && is_named(entry.info);
           });
}

/// Commands that are not in play have a name and a summary alone: to describe all of them costs
/// more time than a small run takes.
std::vector<JobCommand> add_jobs(CLI::App& app,
                                 std::span<const JobEntry> registry,
                                 const std::vector<std::string>& args,
                                 RunOptions& run) {
    std::vector<JobCommand> commands;
    for (const JobEntry& entry : registry) {
        const JobInfo& info = entry.info;
        CLI::App* command = app.add_subcommand(
            std::string(info.name), fmt::format("{}\n\n{}", info.summary, info.description));
        command->group(group_of(info.kind));
        if (!needs_options(info, registry, args)) {
            continue;
        }
        command->footer(job_footer(info));
        command->allow_extras(false);
        std::unique_ptr<Job> job = entry.make();
        if ((info.kind == JobKind::upkeep) != (job->as_upkeep() != nullptr)) {
            throw std::logic_error(fmt::format("{}: kind and class do not fit", info.name));
        }
        CommandOptions options(*command);
        job->describe(options);
        if (is_recorded(info.kind)) {
            add_run_options(*command, &info, run);
        } else if (info.takes_nagios) {
            add_nagios_option(*command, run);
        }
        commands.push_back({.entry = &entry, .job = std::move(job), .app = command});
    }
    return commands;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
    const auto near = nearest_name(word, candidates);
    return near ? fmt::format("; did you mean '{}'?", *near) : std::string{};
}

UsageError unknown_command(std::string_view word, std::span<const JobEntry> registry) {
    std::vector<std::string_view> names;
    for (const JobEntry& entry : registry) {
        names.push_back(entry.info.name);
    }
    return UsageError(
        fmt::format("unknown command '{}'{}; see caretaker --help", word, suggestion(word, names)));
}

/// The command that was reached last, e.g. `show` of `caretaker history show`.
const CLI::App& deepest_command(const CLI::App& app) {
    const CLI::App* deepest = &app;
    while (!deepest->get_subcommands().empty()) {
        deepest = deepest->get_subcommands().front();
    }
    return *deepest;
}

UsageError unknown_argument(const std::string& word, const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
        for (const CLI::Option* option : app->get_options()) {
            for (const std::string& name : option->get_lnames()) {
                names.push_back("--" + name);
            }
        }
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const std::string typed = word.substr(0, word.find('='));
    return UsageError(fmt::format("unknown {} '{}'{}; see {} --help",
                                  word.starts_with('-') ? "option" : "argument",
                                  typed,
                                  suggestion(typed, candidates),
                                  command_path(command)));
}

/// What CLI11 left over is ours to name: the first word is a command or an option that does not
/// exist.
void check_leftovers(const CLI::App& app, std::span<const JobEntry> registry) {
    const std::vector<std::string> left = app.remaining(true);
    if (left.empty()) {
        return;
    }
    const CLI::App& command = deepest_command(app);
    if (&command == &app && !left.front().starts_with('-')) {
        throw unknown_command(left.front(), registry);
    }
    throw unknown_argument(left.front(), command);
}

/// The forms of a command that needs one; empty where it needs none.
std::string missing_form(const CLI::App& command) {
    if (command.get_require_subcommand_min() == 0) {
        return {};
    }
    std::vector<std::string> names;
    for (const CLI::App* form : command.get_subcommands(nullptr)) {
        if (!form->get_group().empty()) {
            names.push_back(form->get_name());
        }
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

/// CLI11's exceptions become ours: one error type, exit code 2, a word on what to do.
UsageError usage_error(const CLI::ParseError& error, const CLI::App& app) {
    const CLI::App& command = deepest_command(app);
    const std::string forms = missing_form(command);
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) &&
        !forms.empty()) {
        return UsageError(fmt::format(
            "{0} needs a word more, one of {1}; see {0} --help", command_path(command), forms));
    }
    return UsageError(fmt::format("{}; see {} --help", error.what(), command_path(command)));
}

/// Options that contradict each other.
void check_combinations(const CommandLine& command) {
    if (command.run->nagios && command.globals.output != OutputFormat::table) {
        throw UsageError("--nagios prints the line of a monitoring plugin; leave out --output");
    }
    if (command.run->nagios && !is_recorded(command.entry->info.kind) &&
        command.job->changes_store()) {
        throw UsageError("--nagios is for what only looks; leave it out");
    }
}

/// The options of a recorded job say nothing to a form of it that is no run.
void check_form_options(const CLI::App& app, const Job& job, JobKind announced) {
    if (job.kind_of_form(announced) == announced) {
        return;
    }
    for (const CLI::Option* option : app.get_options()) {
        if (option->count() > 0) {
            throw UsageError(fmt::format("{0} does not go with '{1}'; see {1} --help",
                                         option->get_name(),
                                         command_path(deepest_command(app))));
        }
    }
}

/// `caretaker help lag` means `caretaker lag --help`; whether it was said so.
bool rewrite_help_command(std::vector<std::string>& args) {
    const bool is_help = !args.empty() && args.front() == "help";
    if (is_help) {
        args.erase(args.begin());
        args.emplace_back("--help");
    }
    return is_help;
}

}  // namespace

OutputFormat find_output_format(std::span<const std::string> args) {
    OutputFormat format = OutputFormat::table;
    for (std::size_t i = 0; i < args.size(); ++i) {
        std::string_view value;
        if ((args[i] == "-o" || args[i] == "--output") && i + 1 < args.size()) {
            value = args[i + 1];
        } else if (args[i].starts_with("--output=")) {
            value = std::string_view(args[i]).substr(9);
        } else if (args[i].starts_with("-o")) {
            value = std::string_view(args[i]).substr(2);
        }
        format = parse_output_format(value).value_or(format);
    }
    return format;
}

bool find_nagios(std::span<const std::string> args) {
    return std::ranges::find(args, "--nagios") != args.end();
}

CommandLine parse_command_line(std::span<const JobEntry> registry, std::vector<std::string> args) {
    const bool is_empty = args.empty();
    const bool is_help = rewrite_help_command(args);
    const bool wants_nagios = find_nagios(args);
    Parsed parsed;
    parsed.command.app = std::make_shared<CLI::App>(
        "Upkeep jobs for log platforms: Elasticsearch, Kafka, Kibana, Mesos", "caretaker");
    CLI::App& app = *parsed.command.app;
    app.formatter(std::make_shared<HelpFormatter>());
    app.set_help_flag("-h,--help", "Print this help");
    app.footer("Run caretaker COMMAND --help for the options and examples of a command.\n\n" +
               exit_status_help());
    app.fallthrough();  // inherited by the commands that are added after it
    app.allow_extras();
    add_global_options(app, parsed);

    add_run_options(app, nullptr, *parsed.command.run);

    std::vector<JobCommand> commands = add_jobs(app, registry, args, *parsed.command.run);
    try {
        std::ranges::reverse(args);  // CLI11 takes them from the back
        app.parse(args);
    } catch (const CLI::CallForHelp&) {
        // Help is CLI11's exception, but our ordinary result.
        if (is_help) {
            check_leftovers(app, registry);
        }
        parsed.command.text = deepest_command(app).help();
        return std::move(parsed.command);
    } catch (const CLI::ParseError& error) {
        // The library's exceptions have codes and words of their own.
        check_leftovers(app, registry);
        throw usage_error(error, app);
    }

    CommandLine& command = parsed.command;
    command.globals.verbosity = parsed.quiet ? -1 : parsed.verbose;
    command.wants_version = parsed.version;
    command.version_details = parsed.verbose > 0;
    command.version_json = parsed.json;
    if (parsed.version) {
        return std::move(command);
    }
    check_leftovers(app, registry);
    if (parsed.json) {
        throw UsageError("--json goes with --version; for the result of a command write -o json");
    }
    for (JobCommand& candidate : commands) {
        if (candidate.app->parsed()) {
            command.entry = candidate.entry;
            command.job = std::move(candidate.job);
            check_run_options(app, command.entry->info);
            check_form_options(*candidate.app, *command.job, command.entry->info.kind);
            // A form may have that option where its command has not, and then keeps it to itself.
            command.run->nagios = wants_nagios;
            check_combinations(command);
            return std::move(command);
        }
    }
    throw UsageError(is_empty ? fmt::format("no command given\n{}", short_help(registry))
                              : "no command given; see caretaker --help");
}

}  // namespace caretaker
