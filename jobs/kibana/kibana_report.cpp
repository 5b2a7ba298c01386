// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_report.hpp"

#include "common/base/error.hpp"
#include "common/base/metric_builders.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/duration.hpp"
#include "common/text/edit_distance.hpp"
#include "common/text/sparkline.hpp"
#include "jobs/kibana/kibana_coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::array all_verdicts{KibanaVerdict::active,
                                  KibanaVerdict::idle_soon,
                                  KibanaVerdict::idle,
                                  KibanaVerdict::suspended,
                                  KibanaVerdict::wanted,
                                  KibanaVerdict::too_young,
                                  KibanaVerdict::unknown,
                                  KibanaVerdict::protected_from_us,
                                  KibanaVerdict::foreign,
                                  KibanaVerdict::busy};

std::int64_t count(const KibanaFleet& fleet, KibanaVerdict verdict) {
    return std::ranges::count_if(
        fleet.judged(), [&](const JudgedKibana& one) { return one.decision.verdict == verdict; });
}

Cell ago(WallTime now, const std::optional<WallTime>& time) {
    return time
               ? Cell(format_duration(std::max(now - *time, std::chrono::milliseconds(0))) + " ago")
               : Cell();
}

Cell strip(const FleetShown& shown, const std::string& id) {
    const auto found = shown.days.find(id);
    if (found == shown.days.end()) {
        return {};
    }
    const std::vector<double> values(found->second.begin(), found->second.end());
    return format_sparkline(values, shown.ascii);
}

Table make_fleet_table(const KibanaFleet& fleet, const FleetShown& shown) {
    Table table{.columns = {text_column("app", "APP"),
                            text_column("verdict", "STATE"),
                            text_column("last_use_text", "LAST USE"),
                            text_column("source", "SEEN BY")}};
    if (shown.with_days) {
        table.columns.push_back(text_column("use", "28 DAYS OF USE"));
    }
    table.columns.push_back(text_column("step", "NEXT"));
    table.columns.push_back(text_column("deadline", "DEADLINE"));
    table.columns.push_back(text_column("reason", "REASON"));
    for (const std::string_view key : {"last_use", "quiet_since", "instances", "watched_percent"}) {
        table.columns.push_back(machine_column(std::string(key)));
    }
    for (std::size_t i = 0; i < fleet.judged().size(); ++i) {
        const KibanaFacts& kibana = fleet.kibanas()[i];
        const KibanaDecision& decision = fleet.judged()[i].decision;
        const KibanaState& state = kibana.state;
        std::vector<Cell> row{kibana.app.id,
                              std::string(to_string(decision.verdict)),
                              ago(fleet.now(), state.last_activity),
                              non_empty(state.activity_source)};
        if (shown.with_days) {
            row.push_back(strip(shown, kibana.app.id));
        }
        row.push_back(non_empty(to_string(decision.step)));
        row.push_back(known_time(decision.deadline));
        row.emplace_back(decision.reason);
        row.push_back(known_time(state.last_activity));
        row.push_back(known_time(decision.quiet_since));
        row.emplace_back(kibana.app.instances);
        row.emplace_back(
            watched_percent(kibana.watched, fleet.policy_of(kibana).idle_after, fleet.now()));
        table.rows.push_back(std::move(row));
    }
    return table;
}

void add_gauges(const KibanaFleet& fleet, const KibanaSettings& settings, Report& report) {
    for (const KibanaVerdict verdict : all_verdicts) {
        report.metrics.push_back(make_gauge(fmt::format("apps.{}", to_string(verdict)),
                                            static_cast<double>(count(fleet, verdict))));
    }
    for (const KibanaSignal& signal : fleet.signals()) {
        if (!signal.watched.all().empty() || !signal.trouble.empty()) {
            report.metrics.push_back(
                make_gauge(fmt::format("coverage.{}", signal.name),
                           static_cast<double>(watched_percent(
                               signal.watched, settings.policy.idle_after, fleet.now())),
                           "percent"));
        }
    }
}

void add_label_findings(const KibanaFleet& fleet, Report& report) {
    for (const KibanaFacts& kibana : fleet.kibanas()) {
        for (const std::string& sentence : kibana.labels.unreadable) {
            report.findings.push_back(
                {.code = "label_unreadable",
                 .subject = fmt::format("app {}", kibana.app.id),
                 .message = fmt::format(
                     "{}: {}; it is protected until that is mended", kibana.app.id, sentence),
                 .severity = Severity::warn});
        }
    }
}

void add_signal_findings(const KibanaFleet& fleet, const KibanaSettings& settings, Report& report) {
    for (const KibanaSignal& signal : fleet.signals()) {
        if (!signal.trouble.empty()) {
            report.findings.push_back(
                {.code = "signal_trouble",
                 .subject = fmt::format("signal {}", signal.name),
                 .message = fmt::format("{}: {}", signal.name, signal.trouble),
                 .severity = Severity::warn});
        }
        if (signal.had_future_times) {
            report.findings.push_back(
                {.code = "future_times",
                 .subject = fmt::format("signal {}", signal.name),
                 .message = fmt::format("{}: it tells of use in the future, taken as now; look at "
                                        "the clocks of the hosts",
                                        signal.name),
                 .severity = Severity::warn});
        }
        const auto& spans = signal.watched.all();
        const auto idle_after = settings.policy.idle_after;
        const auto slack = idle_after * settings.policy.max_uncovered / 100;
        if (signal.name == "access_log" && !spans.empty() &&
            spans.front().begin > fleet.now() - idle_after + slack) {
            report.findings.push_back(
                {.code = "retention_too_short",
                 .subject = "signal access_log",
                 .message = fmt::format("the access log goes back {}, but it takes {} to call a "
                                        "Kibana unused",
                                        format_duration(fleet.now() - spans.front().begin),
                                        format_duration(idle_after)),
                 .severity = Severity::info});
        }
    }
}

void add_background_findings(const KibanaFleet& fleet, Report& report) {
    for (const KibanaFacts& kibana : fleet.kibanas()) {
        if (const auto steady = fleet.background_of(kibana.app.id)) {
            report.findings.push_back(
                {.code = "background_traffic",
                 .subject = fmt::format("app {}", kibana.app.id),
                 .message = fmt::format(
                     "{} got {:.0f} to {:.0f} requests a minute in each hour of a day, beside "
                     "Marathon's checks; they count as use. If nobody works there, find who asks, "
                     "or set kibana.ops.extra_per_minute to {:.0f}",
                     kibana.app.id,
                     steady->least,
                     steady->most,
                     std::ceil(steady->most)),
                 .severity = Severity::info});
        }
    }
}

void add_definition_findings(const KibanaFleet& fleet, Report& report) {
    for (std::size_t i = 0; i < fleet.judged().size(); ++i) {
        const KibanaFacts& kibana = fleet.kibanas()[i];
        const KibanaPolicy policy = fleet.policy_of(kibana);
        const auto& since = kibana.state.suspended_at;
        if (fleet.judged()[i].decision.verdict == KibanaVerdict::suspended && since &&
            kibana.state.saved_version.empty() && policy.destroy_after.count() > 0 &&
            fleet.now() >= *since + policy.destroy_after) {
            report.findings.push_back(
                {.code = "definition_not_kept",
                 .subject = fmt::format("app {}", kibana.app.id),
                 .message = fmt::format(
                     "{} is suspended long enough to go, but could not be made anew: its "
                     "definition was not kept; take it out of Marathon by hand, or wake it",
                     kibana.app.id),
                 .severity = Severity::info});
        }
    }
}

}  // namespace

Report make_fleet_report(const KibanaFleet& fleet,
                         const KibanaSettings& settings,
                         const FleetShown& shown) {
    Report report{.table = make_fleet_table(fleet, shown),
                  .items_seen = static_cast<std::int64_t>(fleet.kibanas().size())};
    std::string counts;
    for (const KibanaVerdict verdict : all_verdicts) {
        if (const auto number = count(fleet, verdict); number > 0) {
            counts +=
                fmt::format("{}{} {}", counts.empty() ? "" : ", ", number, to_string(verdict));
        }
    }
    report.summary = counts.empty()
                         ? "no app is managed; label those that are Kibanas caretaker.kibana=true"
                         : fmt::format("{} Kibanas: {}", fleet.kibanas().size(), counts);
    add_gauges(fleet, settings, report);
    add_label_findings(fleet, report);
    add_signal_findings(fleet, settings, report);
    add_background_findings(fleet, report);
    add_definition_findings(fleet, report);
    return report;
}

std::string summarise_round(const KibanaFleet& fleet, const ActionList& actions) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> words{
        {{"resume", "woken"},
         {"suspend", "suspended"},
         {"destroy", "destroyed"},
         {"notify", "told"},
         {"notify_destroy", "told of the end"}}};
    const bool is_plan = actions.count(ActionState::would) > 0;
    std::string done;
    for (const auto& [kind, word] : words) {
        std::int64_t number = 0;
        for (std::size_t i = 0; i < actions.size(); ++i) {
            const ActionState state = actions.state(i);
            const bool is_counted = state == (is_plan ? ActionState::would : ActionState::done);
            number += actions.kind(i) == kind && is_counted ? 1 : 0;
        }
        if (number > 0) {
            done += fmt::format("{}{} {}", done.empty() ? "" : ", ", word, number);
        }
    }
    return fmt::format("{} Kibanas, {} in use; {}{}",
                       fleet.kibanas().size(),
                       count(fleet, KibanaVerdict::active),
                       is_plan && !done.empty() ? "would be " : "",
                       done.empty() ? "nothing to do" : done);
}

void add_round_findings(const KibanaFleet& fleet,
                        const KibanaSettings& settings,
                        const RoundPlan& round,
                        Report& report) {
    if (!round.brake.empty()) {
        report.findings.push_back({.code = "fleet_went_quiet",
                                   .subject = "fleet",
                                   .message = round.brake,
                                   .severity = Severity::critical});
    }
    if (!round.postponed.empty()) {
        report.findings.push_back(
            {.code = "postponed",
             .subject = "fleet",
             .message =
                 fmt::format("{} more apps are to be suspended or destroyed, {} and {} by one "
                             "run are allowed; the next runs go on",
                             round.postponed.size(),
                             settings.policy.batch,
                             settings.policy.destroy_batch),
             .severity = Severity::info});
    }
    if (fleet.kibanas().empty()) {
        report.findings.push_back({.code = "no_kibanas",
                                   .subject = "fleet",
                                   .message = "Marathon has no app with the label "
                                              "caretaker.kibana=true, and none that kibana.apps "
                                              "names",
                                   .severity = Severity::info});
    }
}

bool is_about_round(const Finding& finding) {
    return finding.subject == "fleet" || finding.subject == "webhook";
}

void add_action_metrics(const KibanaFleet& fleet, const ActionList& actions, Report& report) {
    double released = 0;
    for (const std::string_view kind : {"notify", "suspend", "resume", "destroy"}) {
        std::int64_t number = 0;
        for (std::size_t i = 0; i < actions.size(); ++i) {
            if (actions.kind(i) != kind || actions.state(i) != ActionState::done) {
                continue;
            }
            ++number;
            const auto found = std::ranges::find(
                fleet.kibanas(), actions.subject(i), [](const KibanaFacts& kibana) {
                    return std::string_view(kibana.app.id);
                });
            if (kind == "suspend" && found != fleet.kibanas().end()) {
                released += found->app.mem * static_cast<double>(found->app.instances);
            }
        }
        report.metrics.push_back(make_counter(fmt::format("actions.{}", kind), number));
    }
    report.metrics.push_back(make_gauge("mem_released_mb", released));
}

Report explain_kibana(const KibanaFleet& fleet,
                      const KibanaSettings& settings,
                      const std::string& id) {
    std::vector<std::string_view> known;
    std::size_t index = fleet.judged().size();
    for (std::size_t i = 0; i < fleet.judged().size(); ++i) {
        known.emplace_back(fleet.judged()[i].id);
        if (fleet.judged()[i].id == id) {
            index = i;
        }
    }
    if (index == fleet.judged().size()) {
        const auto nearest = nearest_name(id, known);
        throw UsageError(fmt::format("'{}' is no managed Kibana{}; caretaker kibana list shows all",
                                     id,
                                     nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
    }
    const KibanaFacts& kibana = fleet.kibanas()[index];
    const KibanaDecision& decision = fleet.judged()[index].decision;
    const KibanaPolicy policy = fleet.policy_of(kibana);
    const KibanaState& state = kibana.state;
    Report report{
        .summary = fmt::format("{} is {}: {}", id, to_string(decision.verdict), decision.reason),
        .table = {.columns = {text_column("fact", "FACT"), text_column("value", "VALUE")}}};
    const auto add = [&](std::string_view fact, Cell value) {
        report.table.rows.push_back({std::string(fact), std::move(value)});
    };
    add("verdict", std::string(to_string(decision.verdict)));
    add("reason", decision.reason);
    add("next step", non_empty(to_string(decision.step)));
    add("deadline", known_time(decision.deadline));
    add("last use", known_time(state.last_activity));
    add("seen by", non_empty(state.activity_source));
    add("definition changed", known_time(kibana.app.configured_at));
    add("scaled", known_time(kibana.app.scaled_at));
    add("oldest definition", known_time(kibana.app.made_at));
    add("owner told", known_time(state.notice_at));
    add("suspended", known_time(state.suspended_at));
    add("woken", known_time(state.resumed_at));
    add("protected until", known_time(state.protected_until));
    add("instances", fmt::format("{}, {} run", kibana.app.instances, kibana.app.running));
    add("idle after", format_exact_duration(policy.idle_after));
    add("owner is told before", format_exact_duration(policy.warn_before));
    add("destroyed after",
        policy.destroy_after.count() == 0 ? "never" : format_exact_duration(policy.destroy_after));
    add("watched",
        fmt::format("{} % of the last {}, {} % must be; the newest news may be {} old",
                    watched_percent(kibana.watched, policy.idle_after, fleet.now()),
                    format_exact_duration(policy.idle_after),
                    100 - settings.policy.max_uncovered,
                    format_exact_duration(policy.max_staleness)));
    for (const KibanaSignal& signal : fleet.signals()) {
        const auto seen = signal.latest.find(id);
        const WatchSpans watched = watched_by({signal}, id);
        add(fmt::format("signal {}", signal.name),
            fmt::format("last use {}; watched {} %{}{}",
                        seen == signal.latest.end()
                            ? "not seen"
                            : format_duration(fleet.now() - seen->second) + " ago",
                        watched_percent(watched, policy.idle_after, fleet.now()),
                        signal.trouble.empty() ? "" : "; ",
                        signal.trouble));
    }
    return report;
}

}  // namespace caretaker
