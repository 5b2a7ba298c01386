// SPDX-License-Identifier: Apache-2.0
#include "common/cli/combined_run.hpp"

#include "common/base/table_columns.hpp"
#include "common/cli/run_verdict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace caretaker {

namespace {

struct TargetTable {
    std::string target{};
    Table table{};
};

std::string prefixed(const std::string& target, const std::string& subject) {
    return subject.empty() ? target : fmt::format("{}: {}", target, subject);
}

void name_target(const std::string& target, Finding& finding) {
    finding.subject = prefixed(target, finding.subject);
    finding.data.insert(finding.data.begin(), {"target", target});
}

/// The rows of all tables below each other; those without columns are of runs that failed.
Table join_tables(std::vector<TargetTable> tables) {
    const auto first = std::ranges::find_if(
        tables, [](const TargetTable& one) { return !one.table.columns.empty(); });
    if (first == tables.end()) {
        return {};
    }
    Table joined{.title = first->table.title, .columns = first->table.columns};
    joined.columns.insert(joined.columns.begin(), text_column("target", "TARGET"));
    std::erase_if(tables, [](const TargetTable& one) { return one.table.is_empty(); });
    if (tables.empty()) {
        return joined;
    }
    const auto shared = std::make_shared<const std::vector<TargetTable>>(std::move(tables));
    const std::size_t width = joined.columns.size();
    joined.row_source = [shared, width](const RowVisitor& visit) {
        std::vector<Cell> cells;
        for (const TargetTable& one : *shared) {
            one.table.for_each_row([&](std::span<const Cell> row) {
                cells.assign(1, one.target);
                cells.insert(cells.end(), row.begin(), row.end());
                cells.resize(width);
                visit(cells);
            });
        }
    };
    return joined;
}

Table list_targets(const std::vector<FinishedRun>& runs) {
    Table table{.title = "Targets",
                .columns = {text_column("target", "TARGET"),
                            text_column("outcome", "OUTCOME"),
                            machine_column("exit_code"),
                            text_column("run", "RUN"),
                            text_column("summary", "SUMMARY")}};
    for (const FinishedRun& run : runs) {
        table.rows.push_back({run.info.target,
                              std::string(to_string(run.outcome)),
                              static_cast<std::int64_t>(run.exit_code),
                              non_empty(short_run_id(run.info.uid)),
                              run.report.summary});
    }
    return table;
}

/// "3 targets: 2 ok, 1 failed (test)": which of them were not ok.
std::string summarize(const std::vector<FinishedRun>& runs) {
    using Same = std::pair<Outcome, std::vector<std::string_view>>;
    std::vector<Same> outcomes;
    for (const FinishedRun& run : runs) {
        auto same = std::ranges::find(outcomes, run.outcome, &Same::first);
        if (same == outcomes.end()) {
            same = outcomes.insert(same, {run.outcome, {}});
        }
        same->second.emplace_back(run.info.target);
    }
    std::string words = fmt::format("{} target{}", runs.size(), runs.size() == 1 ? "" : "s");
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const auto& [outcome, targets] = outcomes[i];
        words += fmt::format("{}{} {}", i == 0 ? ": " : ", ", targets.size(), to_string(outcome));
        if (outcome != Outcome::ok) {
            words += fmt::format(" ({})", fmt::join(targets, ", "));
        }
    }
    return words;
}

/// That of a run with the code where there is one, so that the two belong together.
Outcome outcome_of(ExitCode code, const std::vector<FinishedRun>& runs) {
    const auto same = std::ranges::find(runs, code, &FinishedRun::exit_code);
    return same == runs.end() ? Outcome::partial : same->outcome;
}

}  // namespace

ExitCode combined_code(std::span<const ExitCode> codes) {
    const auto has = [&](ExitCode code) { return std::ranges::count(codes, code) > 0; };
    for (const ExitCode stop :
         {ExitCode::hangup, ExitCode::interrupted, ExitCode::terminated, ExitCode::timeout}) {
        if (has(stop)) {
            return stop;
        }
    }
    if (std::ranges::all_of(codes, [&](ExitCode code) { return code == codes.front(); })) {
        return codes.front();
    }
    const bool all_done = std::ranges::all_of(
        codes, [](ExitCode code) { return code == ExitCode::ok || code == ExitCode::findings; });
    return all_done ? ExitCode::findings : ExitCode::partial;
}

NagiosState combined_state(std::span<const NagiosState> states) {
    for (const NagiosState worst :
         {NagiosState::critical, NagiosState::unknown, NagiosState::warning}) {
        if (std::ranges::count(states, worst) > 0) {
            return worst;
        }
    }
    return NagiosState::ok;
}

FinishedRun combine_runs(std::vector<FinishedRun> runs, std::span<const ExitCode> exit_zero) {
    FinishedRun all{.info = runs.front().info, .ended_at = runs.back().ended_at};
    all.info.target = all_targets;
    std::vector<ExitCode> codes;
    std::vector<NagiosState> states;
    for (const FinishedRun& run : runs) {
        codes.push_back(run.exit_code);
        states.push_back(run.nagios);
        all.duration += run.duration;
    }
    const ExitCode code = combined_code(codes);
    all.outcome = outcome_of(code, runs);
    all.exit_code = returned_code(code, exit_zero);
    all.nagios = combined_state(states);

    Report& report = all.report;
    report.outcome = all.outcome;
    report.summary = summarize(runs);
    report.details.push_back(list_targets(runs));
    std::vector<TargetTable> tables;
    for (FinishedRun& run : runs) {
        const std::string& target = run.info.target;
        tables.push_back({target, std::move(run.report.table)});
        for (Table& table : run.report.details) {
            table.title = prefixed(target, table.title);
            report.details.push_back(std::move(table));
        }
        for (FindingState& state : run.findings) {
            name_target(target, state.finding);
            all.findings.push_back(std::move(state));
        }
        for (Finding& finding : run.report.findings) {
            name_target(target, finding);
            report.findings.push_back(std::move(finding));
        }
        for (Problem& problem : run.report.problems) {
            problem.subject = prefixed(target, problem.subject);
            report.problems.push_back(std::move(problem));
        }
        for (Metric& metric : run.report.metrics) {
            metric.labels.insert(metric.labels.begin(), {"target", target});
            report.metrics.push_back(std::move(metric));
        }
        report.items_seen += run.report.items_seen;
        report.items_failed += run.report.items_failed;
    }
    report.table = join_tables(std::move(tables));
    return all;
}

}  // namespace caretaker
