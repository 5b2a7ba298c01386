// SPDX-License-Identifier: Apache-2.0
#include "common/cli/program.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/cli/combined_run.hpp"
#include "common/cli/command_line.hpp"
#include "common/cli/command_tree_reader.hpp"
#include "common/cli/render.hpp"
#include "common/cli/repeated_arguments.hpp"
#include "common/cli/run_progress.hpp"
#include "common/cli/run_secrets.hpp"
#include "common/cli/runner.hpp"
#include "common/cli/unrecorded_run.hpp"
#include "common/cli/upkeep_run.hpp"
#include "common/cli/value_rules.hpp"
#include "common/cli/version.hpp"
#include "common/config/load_settings.hpp"
#include "common/config/select_target.hpp"
#include "common/output/console.hpp"
#include "common/output/nagios_line.hpp"
#include "common/output/terminal_style.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <exception>

namespace caretaker {

namespace {

Setting from_flag(std::string_view path, SettingValue value, std::string_view flag) {
    return {.spec = find_key(path),
            .path = std::string(path),
            .value = std::move(value),
            .origin = std::string(flag)};
}

std::vector<Setting> settings_from_flags(const GlobalOptions& globals) {
    std::vector<Setting> flags;
    if (!globals.store.empty()) {
        flags.push_back(from_flag("store.path", globals.store, "--store"));
    }
    if (!globals.statsd.empty()) {
        flags.push_back(from_flag("statsd.address", globals.statsd, "--statsd"));
    }
    if (globals.no_statsd) {
        flags.push_back(from_flag("statsd.address", std::string("none"), "--no-statsd"));
    }
    return flags;
}

LogLevel log_level(const GlobalOptions& globals, const Settings& settings, bool terminal) {
    if (globals.verbosity > 1) {
        return LogLevel::trace;
    }
    if (globals.verbosity != 0) {
        return globals.verbosity < 0 ? LogLevel::error : LogLevel::debug;
    }
    const std::string configured = settings.text("log.level");
    if (configured == "debug") {
        return LogLevel::debug;
    }
    if (configured == "info") {
        return LogLevel::info;
    }
    if (configured == "warning") {
        return LogLevel::warning;
    }
    if (configured == "error") {
        return LogLevel::error;
    }
    return terminal ? LogLevel::warning : LogLevel::info;
}

LogFormat log_format(const Settings& settings, bool terminal) {
    const std::string configured = settings.text("log.format");
    if (configured == "plain") {
        return LogFormat::plain;
    }
    if (configured == "logfmt") {
        return LogFormat::logfmt;
    }
    if (configured == "json") {
        return LogFormat::json;
    }
    return terminal ? LogFormat::plain : LogFormat::logfmt;
}

StreamStyle style_of(bool is_terminal, const GlobalOptions& globals, const World& world) {
    const auto variable = [&world](const char* name) -> std::string_view {
        const auto found = world.environment.find(name);
        return found == world.environment.end() ? std::string_view() : found->second;
    };
    StreamFacts facts{.is_terminal = is_terminal,
                      .choice = globals.colour,
                      .term = variable("TERM"),
                      .no_color = variable("NO_COLOR")};
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (facts.charset.empty()) {
            facts.charset = variable(name);
        }
    }
    return choose_style(facts);
}

/// Numbers are grouped, cells cut and times local only for a person's eyes.
TableStyle table_style(const World& world, const GlobalOptions& globals) {
    const Console& console = world.console;
    const StreamStyle style = style_of(console.is_terminal(), globals, world);
    return {.max_width = console.width(),
            .grouped_numbers = console.is_terminal(),
            .local_times = console.is_terminal() && !globals.utc,
            .colour = style.colour,
            .ascii = style.ascii};
}

Audience audience_of(const GlobalOptions& globals, bool as_plugin, const World& world) {
    const bool terminal = world.console.is_terminal();
    return {.person = terminal && globals.output == OutputFormat::table && !as_plugin,
            .ascii = style_of(terminal, globals, world).ascii};
}

/// Progress would stand among the lines of JSON where both go to one terminal.
bool shows_progress(const GlobalOptions& globals, const World& world) {
    const bool json = globals.output == OutputFormat::json || globals.output == OutputFormat::jsonl;
    return !globals.no_progress && globals.verbosity >= 0 &&
           !(json && world.console.is_terminal() && world.stderr_is_terminal);
}

/// A reader that left early is no error; a full disk is.
ExitCode check_output(const Console& console, ExitCode code, JobKind kind, Log& log) {
    const int error = console.write_error();
    if (error == 0 || (error == EPIPE && !is_recorded(kind))) {
        return code;
    }
    if (error != EPIPE) {
        log.error(fmt::format("writing to standard output: {}", std::strerror(error)));
    }
    return code == ExitCode::ok && error != EPIPE ? ExitCode::failed : code;
}

/// What a command gets that is about the program alone.
LoadedSettings settings_without_sources() {
    LoadedSettings loaded;
    loaded.settings.set(from_flag("store.path", std::string("none"), "default"));
    return loaded;
}

std::vector<ExitCode> exit_zero_of_environment(const EnvironmentMap& environment) {
    constexpr const char* variable = "CARETAKER_EXIT_ZERO";
    const auto found = environment.find(variable);
    return found == environment.end() ? std::vector<ExitCode>()
                                      : parse_exit_zero(found->second, variable);
}

/// The targets that a run for all of them is about. Throws UsageError where there are none, and for
/// commands that change things.
std::vector<std::string> find_all_targets(Job& job, const Settings& settings) {
    if (job.as_upkeep() != nullptr) {
        throw UsageError(
            "choosing the targets: this command changes things, so name one with --target");
    }
    std::vector<std::string> targets = settings.targets();
    std::erase_if(targets, [&](const std::string& one) { return !job.concerns(settings, one); });
    if (targets.empty()) {
        throw UsageError(
            "choosing the targets: none is configured that has what this command is about");
    }
    return targets;
}

/// Runs for one target after the other; one that fails does not keep the others from theirs.
FinishedRun run_for_all(RunRequest request,
                        std::span<const std::string> targets,
                        World& world,
                        Log& log) {
    for (const std::string& target : targets) {
        request.job.configure(request.settings, target);  // mistakes show before anything begins
    }
    std::vector<FinishedRun> runs;
    for (const std::string& target : targets) {
        request.target = target;
        request.job.configure(request.settings, target);
        runs.push_back(run_recorded(request, world, log));
        if (world.stop.requested()) {
            break;
        }
    }
    return combine_runs(std::move(runs), request.options.exit_zero);
}

/// Several problems stand in lines of their own; one may end with "did you mean 'store'?".
std::string add_sentence(const std::string& problem, std::string_view sentence) {
    const bool has_lines = problem.find('\n') != std::string::npos;
    const bool asks = problem.ends_with('?');
    return fmt::format("{}{}{}", problem, has_lines ? "\n" : asks ? " " : "; ", sentence);
}

/// Throws UsageError where the command must not go on with what could be read of its settings.
void check_settings(const LoadedSettings& loaded,
                    const std::string& problem,
                    const JobInfo& info,
                    const Job& job) {
    if (problem.empty()) {
        return;
    }
    // What is changed there depends on more settings than the one that says where the store is.
    if (info.tolerates == Tolerance::nothing || job.changes_store()) {
        throw UsageError(problem);
    }
    if (info.tolerates == Tolerance::wrong_settings && loaded.store_in_doubt) {
        throw UsageError(add_sentence(
            problem, "this leaves open which store is meant; --store and variables can say it"));
    }
}

/// What `info` must hear of its settings; empty when they are right. Commands about the settings
/// themselves hear of values too that only a run which needs them would stumble over.
std::string settings_problem(const LoadedSettings& loaded, const JobInfo& info) {
    const bool is_about_settings = info.tolerates == Tolerance::wrong_settings_as_result ||
                                   info.tolerates == Tolerance::wrong_settings_and_store;
    const std::vector<ConfigProblem> problems =
        is_about_settings ? all_problems(loaded) : loaded.problems;
    return problems.empty() ? std::string() : format_problems(problems);
}

/// As a mistake is told that ends a command before it begins.
void log_error(std::string_view message) {
    Log log(LogLevel::error, LogFormat::plain);
    log.error(message);
}

/// What is wrong with the settings and does not keep the command from going on. `problem`: that of
/// settings_problem(), where the command does not tell it itself; empty: there is none.
void log_warnings(const LoadedSettings& loaded,
                  const std::string& problem,
                  bool recorded,
                  Log& log) {
    for (const std::string& warning : loaded.warnings) {
        log.warning(warning);
    }
    if (!problem.empty()) {
        log.warning(add_sentence(problem,
                                 "this command goes on with what could be read, and the defaults"));
    }
    if (!recorded) {
        return;
    }
    for (const std::string& doubt : doubts_in_effect(loaded)) {
        log.warning(fmt::format("{}; a run that needs it ends with exit code 2", doubt));
    }
}

ExitCode run_command(std::span<const JobEntry> registry,
                     CommandLine& command,
                     const std::vector<std::string>& args,
                     World& world) {
    GlobalOptions& globals = command.globals;
    std::erase_if(globals.config_files,
                  [&](const std::string& path) { return command.job->claims_config(path); });
    const std::vector<ValueRule> rules = all_value_rules(world.job_rules);
    const LoadedSettings loaded = command.job->stands_alone()
                                      ? settings_without_sources()
                                      : load_settings({.config_files = globals.config_files,
                                                       .environment = world.environment,
                                                       .flags = settings_from_flags(globals),
                                                       .rules = rules});
    JobInfo info = command.entry->info;
    const std::string problem = settings_problem(loaded, info);
    info.kind = command.job->kind_of_form(info.kind);
    info.tolerates = command.job->tolerance_of_form(info.tolerates);
    check_settings(loaded, problem, info, *command.job);
    const bool tells_error =
        !problem.empty() && info.tolerates == Tolerance::wrong_settings_as_result;
    const bool terminal = world.stderr_is_terminal;
    Log log(log_level(globals, loaded.settings, terminal), log_format(loaded.settings, terminal));
    const StreamStyle log_style = style_of(terminal, globals, world);
    log.set_colour(log_style.colour);
    log.set_limit(loaded.settings.bytes("log.limit"));
    const std::vector<std::string> secrets = find_secrets(loaded.settings);
    log.hide(secrets);
    const bool recorded = is_recorded(info.kind);
    log_warnings(loaded, tells_error ? std::string() : problem, recorded, log);
    const std::string chosen = chosen_target(globals.target, world.environment);
    const CommandHelp commands =
        recorded ? CommandHelp() : read_command_tree(*command.app, registry);
    RunOptions& options = *command.run;
    if (recorded && options.exit_zero.empty()) {
        options.exit_zero = exit_zero_of_environment(world.environment);
    }
    const bool wants_all = recorded && chosen == all_targets;
    const std::vector<std::string> targets =
        wants_all ? find_all_targets(*command.job, loaded.settings) : std::vector<std::string>();
    const RunRequest request{
        .info = info,
        .job = *command.job,
        .settings = loaded.settings,
        .target = recorded && !wants_all ? select_target(chosen, loaded.settings) : chosen,
        .args = args,
        .options = options,
        .commands = &commands,
        .wants_result = globals.output != OutputFormat::none,
        .secrets = secrets,
        .settings_problem = problem,
        .audience = audience_of(globals, options.nagios, world),
    };
    if (!wants_all) {
        command.job->configure(request.settings, request.target);
    }
    UpkeepJob* const upkeep = command.job->as_upkeep();
    if (upkeep != nullptr && recorded) {
        options.dry_run = options.dry_run || upkeep->only_plans();
        options.yes = options.yes || !upkeep->needs_consent();
        require_consent(options, world.stdin_is_terminal);
    }
    RunProgress progress(world, log, log_style, shows_progress(globals, world));
    const FinishedRun run = wants_all  ? run_for_all(request, targets, world, log)
                            : recorded ? run_recorded(request, world, log)
                                       : run_unrecorded(request, world, log);
    progress.end();
    if (run.report.next_command) {
        return run_program(registry, repeat_arguments(*run.report.next_command, args), world);
    }
    if (options.nagios) {
        world.console.write(render_nagios(run, run.nagios));
        const bool told = check_output(world.console, ExitCode::ok, info.kind, log) == ExitCode::ok;
        return static_cast<ExitCode>(told ? run.nagios : NagiosState::unknown);
    }
    {
        TextOut out([&world](std::string_view piece) { world.console.write(piece); });
        write_run(run, info.kind, globals.output, table_style(world, globals), out);
    }
    if (tells_error) {
        log_error(redact(problem, secrets));
    }
    return check_output(world.console, run.exit_code, info.kind, log);
}

/// Prints an error that came before or instead of a run, in the form that was asked for.
ExitCode report_error(const Error& error, const std::vector<std::string>& args, World& world) {
    const std::string message = redact(error.what(), {});
    if (find_nagios(args)) {
        const NagiosState state = describe(error.exit_code()).nagios;
        world.console.write(format_nagios_line("", state, message, {}));
        return static_cast<ExitCode>(state);
    }
    world.console.write(
        render_early_error(find_output_format(args), error.exit_code(), error.code(), message));
    log_error(message);
    return error.exit_code();
}

}  // namespace

ExitCode run_program(std::span<const JobEntry> registry,
                     const std::vector<std::string>& args,
                     World& world) {
    // Caught because nothing is above but main: an error becomes words and an exit code.
    try {
        CommandLine command = parse_command_line(registry, args);
        if (command.text) {
            world.console.write(*command.text);
        } else if (command.wants_version) {
            world.console.write(command.version_json      ? format_version_json()
                                : command.version_details ? format_version_details()
                                                          : format_version());
        } else {
            return run_command(registry, command, args, world);
        }
        Log log(LogLevel::error, LogFormat::plain);
        return check_output(world.console, ExitCode::ok, JobKind::inspect, log);
    } catch (const Error& error) {
        return report_error(error, args, world);
    } catch (const std::exception& error) {
        return report_error(
            Error(ExitCode::failed, "internal", fmt::format("unexpected: {}", error.what())),
            args,
            world);
    }
}

}  // namespace caretaker
