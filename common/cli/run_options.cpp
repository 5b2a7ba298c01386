// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_options.hpp"

#include "common/base/error.hpp"
#include "common/base/trigger.hpp"
#include "common/text/duration.hpp"
#include "common/text/edit_distance.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace caretaker {

namespace {

constexpr const char* run_group = "Options of a run";
constexpr const char* nagios_help = "Print one line and return the code of a monitoring plugin";
constexpr const char* change_group = "Options of a run that changes things";

std::chrono::milliseconds read_duration(std::string_view option, std::string_view text) {
    const auto duration = parse_duration(text);
    if (!duration || duration->count() == 0) {
        throw CLI::ValidationError(
            fmt::format("{}: '{}' is not a duration; write 90s, 15m or 2h", option, text));
    }
    return *duration;
}

void read_on_locked(RunOptions& options, const std::string& text) {
    constexpr std::string_view wait_for = "wait:";
    if (text == "skip") {
        options.on_locked = OnLocked::skip;
    } else if (text == "fail") {
        options.on_locked = OnLocked::fail;
    } else if (text == "wait") {
        options.on_locked = OnLocked::wait;
    } else if (text.starts_with(wait_for)) {
        options.on_locked = OnLocked::wait;
        options.lock_wait =
            read_duration("--on-locked", std::string_view(text).substr(wait_for.size()));
    } else {
        throw CLI::ValidationError(fmt::format(
            "--on-locked: '{}' is not known; write skip, fail, wait or wait:30s", text));
    }
}

Severity read_severity(const std::string& text) {
    const auto severity = parse_severity(text);
    if (!severity) {
        throw CLI::ValidationError(fmt::format(
            "--fail-on: '{}' is not a severity; write info, low, warn, high or critical", text));
    }
    return *severity;
}

/// CLI11's own check would show itself in the help, and its conversion lets too large ones pass.
std::string not_negative(const std::string& text) {
    std::int64_t number = -1;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    const bool good = parsed.ec == std::errc{} && parsed.ptr == end && number >= 0;
    return good ? "" : fmt::format("'{}' is not a whole number from 0 on", text);
}

double read_percent(std::string_view text) {
    const std::string_view digits = text.ends_with('%') ? text.substr(0, text.size() - 1) : text;
    double percent = -1;
    const auto [end, error] = std::from_chars(
        digits.data(), digits.data() + digits.size(), percent, std::chars_format::fixed);
    if (error != std::errc{} || end != digits.data() + digits.size() || !(percent >= 0) ||
        percent > 100) {
        throw CLI::ValidationError(
            fmt::format("--max-percent: '{}' is not between 0% and 100%", text));
    }
    return percent;
}

/// Adds options to one command, each in its group.
class Adder {
 public:
    Adder(CLI::App& command, bool hidden) : command_(command), hidden_(hidden) {}

    void group(const char* name) { group_ = hidden_ ? "" : name; }

    template <typename Read>
    void option(const char* names, const char* type, const std::string& help, Read read) {
        command_
            .add_option_function<std::string>(
                names, [read](const std::string& text) { read(text); }, help)
            ->type_name(type)
            ->group(group_);
    }

    void flag(const char* names, bool& flag, const char* help) {
        command_.add_flag(names, flag, help)->group(group_);
    }

    void number(const char* names, std::optional<std::int64_t>& number, const char* help) {
        command_.add_option(names, number, help)
            ->type_name("N")
            ->check(not_negative)
            ->group(group_);
    }

    void number(const char* names, std::int64_t& number, const char* help) {
        command_.add_option(names, number, help)
            ->type_name("N")
            ->check(not_negative)
            ->group(group_);
    }

 private:
    CLI::App& command_;
    bool hidden_;
    const char* group_ = "";
};

void add_options_of_every_run(Adder& add, const JobInfo* info, RunOptions& options) {
    const auto timeout = info == nullptr ? std::chrono::milliseconds(0) : info->timeout;
    add.group(run_group);
    add.option(
        "--timeout",
        "DURATION",
        fmt::format("End the run after that long, exit 8 (default {})",
                    timeout.count() == 0 ? "none" : format_exact_duration(timeout)),
        [&](const std::string& text) { options.timeout = read_duration("--timeout", text); });
    add.option("--on-locked",
               "POLICY",
               fmt::format("When another run of this job and target is under way: skip (default), "
                           "fail (exit 6), wait or wait:30s{}",
                           info == nullptr ? std::string_view() : info->lock_note),
               [&](const std::string& text) { read_on_locked(options, text); });
    add.number(
        "--max-skips", options.max_skips, "Exit 6 at the Nth skip in a row (default 3; 0: never)");
    add.option("--fail-on",
               "info|low|warn|high|critical",
               "Exit 4 for a finding of that severity or above that nobody acknowledged",
               [&](const std::string& text) { options.fail_on = read_severity(text); });
    add.option(
        "--exit-zero",
        "NAMES",
        "Return 0 for these exit codes, by name: partial,findings,locked",
        [&](const std::string& text) { options.exit_zero = parse_exit_zero(text, "--exit-zero"); });
    add.flag("--nagios", options.nagios, nagios_help);
    add.option("--trigger",
               "chronos|jenkins|cron|manual",
               "What started the run, where that is not seen",
               [&](const std::string& text) {
                   if (std::ranges::find(trigger_names, text) == trigger_names.end()) {
                       throw CLI::ValidationError(fmt::format(
                           "--trigger: '{}' is not chronos, jenkins, cron or manual", text));
                   }
                   options.trigger = text;
               });
    add.option("--trigger-ref",
               "TEXT",
               "Task id or build URL of what started the run",
               [&](const std::string& text) { options.trigger_ref = text; });
}

void add_options_of_changes(Adder& add, RunOptions& options) {
    add.group(change_group);
    add.flag("-n,--dry-run", options.dry_run, "Plan, show the plan and change nothing");
    add.flag("--yes", options.yes, "Do what is planned without asking");
    add.number("--max-actions",
               options.max_actions,
               "Do nothing, exit 5, when more would be destroyed than that; 0: only plan");
    add.option("--max-percent",
               "P",
               "Do nothing, exit 5, when more of all there is would be destroyed than that; counts "
               "above 10 things",
               [&](const std::string& text) { options.max_percent = read_percent(text); });
}

std::string first_name(const CLI::Option& option) {
    return "--" + option.get_lnames().front();
}

}  // namespace

void add_run_options(CLI::App& command, const JobInfo* info, RunOptions& options) {
    Adder add(command, info == nullptr);
    add_options_of_every_run(add, info, options);
    if (info == nullptr || info->kind == JobKind::upkeep) {
        add_options_of_changes(add, options);
    }
}

void add_nagios_option(CLI::App& command, RunOptions& options) {
    command.add_flag("--nagios", options.nagios, nagios_help);
}

void check_run_options(const CLI::App& program, const JobInfo& info) {
    if (info.kind == JobKind::upkeep) {
        return;
    }
    CLI::App of_check;
    RunOptions unused;
    add_run_options(of_check, &info, unused);
    for (const CLI::Option* option : program.get_options()) {
        if (!option->get_group().empty() || option->count() == 0) {
            continue;
        }
        const std::string name = first_name(*option);
        if (name == "--nagios" && info.takes_nagios) {
            continue;
        }
        if (!is_recorded(info.kind)) {
            throw UsageError(
                fmt::format("{} is for jobs; {} records no run", name, std::string(info.name)));
        }
        if (of_check.get_option_no_throw(name) == nullptr) {
            throw UsageError(fmt::format(
                "{} is for jobs that change things; {} only reads", name, std::string(info.name)));
        }
    }
}

std::vector<ExitCode> parse_exit_zero(std::string_view words, std::string_view origin) {
    std::vector<ExitCode> codes;
    while (!words.empty()) {
        const std::string_view word = words.substr(0, words.find(','));
        words.remove_prefix(std::min(word.size() + 1, words.size()));
        std::vector<std::string_view> names;
        const ExitCodeInfo* found = nullptr;
        for (const ExitCodeInfo& row : exit_codes()) {
            const bool possible =
                row.code != ExitCode::ok && row.code != ExitCode::usage && row.name != "signal";
            if (possible) {
                names.push_back(row.name);
                found = row.name == word ? &row : found;
            }
        }
        if (found == nullptr) {
            const auto near = nearest_name(word, names);
            throw UsageError(
                fmt::format("{}: '{}' is no exit code that can be returned as 0; {}{}",
                            origin,
                            word,
                            near ? "did you mean " : "write some of ",
                            near ? std::string(*near) : fmt::format("{}", fmt::join(names, ", "))));
        }
        codes.push_back(found->code);
    }
    return codes;
}

}  // namespace caretaker
