// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_explain.hpp"

#include "common/base/error.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/duration.hpp"
#include "common/text/number.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/lag/lag_end_codec.hpp"
#include "jobs/lag/lag_judge.hpp"
#include "jobs/lag/lag_memory.hpp"
#include "jobs/lag/lag_rule_story.hpp"
#include "jobs/lag/lag_time.hpp"
#include "jobs/lag/lag_window_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// A partition as the last run left it.
struct Remembered {
    std::string topic{};
    WindowState state{};
    std::vector<CommitPoint> points{};
    std::vector<std::int64_t> recent_ends{};
    std::optional<std::int64_t> end{};
    std::int64_t run_ms = 0;  // of the last run that saw the topic
    std::optional<TimeLag> time_lag{};

    [[nodiscard]] std::int64_t lag() const {
        return end && !points.empty() ? std::max<std::int64_t>(0, *end - points.back().offset) : 0;
    }

    [[nodiscard]] JudgeCase given() const {
        return {.points = points,
                .ends = recent_ends,
                .lag = lag(),
                .now_ms = run_ms,
                .live_owner = state.was_owned,
                .early_ms = early_ms(state)};
    }
};

void add_ends(Remembered& one, const TopicEnds& ends, const LagRules& rules) {
    const auto kept = ends.partitions.find(one.state.partition);
    const std::int64_t since_ms = std::max(ends.runs_ms.back(), one.run_ms - rules.max_window_ms);
    for (const LogEnd& end : kept) {
        if (end.at_ms >= since_ms) {
            one.recent_ends.push_back(end.offset);
        }
    }
    if (!kept.empty()) {
        one.end = kept.back().offset;
        if (!one.points.empty()) {
            one.time_lag = find_time_lag(one.points.back().offset, kept, one.run_ms);
        }
    }
}

std::vector<Remembered> recall_topic(JobMemory& memory,
                                     const std::string& group,
                                     const std::string& topic,
                                     const LagRules& rules) {
    std::vector<Remembered> found;
    WindowList windows;
    const auto kept = memory.find(windows_key(group, topic));
    if (!kept || !unpack_windows(kept->body, rules.intervals, windows)) {
        return found;
    }
    TopicEnds ends;
    const auto kept_ends = memory.find(ends_key(topic));
    const bool has_ends = kept_ends && unpack_ends(kept_ends->body, ends);
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const WindowView window = windows.at(i);
        Remembered& one =
            found.emplace_back(Remembered{.topic = topic,
                                          .state = window.state,
                                          .points = {window.points.begin(), window.points.end()}});
        if (has_ends) {
            one.run_ms = ends.runs_ms.front();
            add_ends(one, ends, rules);
        }
    }
    return found;
}

LagStatus status_of(const Remembered& one, const LagRules& rules) {
    if (one.points.empty()) {
        return one.state.runs_no_commit > 0 ? LagStatus::no_commit : LagStatus::unknown;
    }
    return judge_partition(one.given(), rules.judge()).status;
}

Cell time_words(const std::optional<TimeLag>& lag) {
    return lag ? Cell((lag->at_least ? ">" : "") +
                      format_duration(std::chrono::milliseconds(lag->ms)))
               : Cell();
}

Cell duration_words(const std::optional<std::int64_t>& ms) {
    return ms ? Cell(format_duration(std::chrono::milliseconds(*ms))) : Cell();
}

Cell known_ms(std::int64_t at_ms) {
    return at_ms > 0 ? Cell(format_rfc3339(WallTime(std::chrono::milliseconds(at_ms)))) : Cell();
}

Table list_partitions(const std::string& group,
                      std::span<const Remembered> partitions,
                      const LagRules& rules) {
    Table table{.columns = {text_column("group", "GROUP"),
                            text_column("topic", "TOPIC"),
                            number_column("partition", "PARTITION"),
                            text_column("status", "STATUS"),
                            number_column("current_offset", "CURRENT-OFFSET"),
                            number_column("log_end_offset", "LOG-END-OFFSET"),
                            number_column("lag", "LAG"),
                            number_column("time_lag", "TIME-LAG"),
                            number_column("drain", "DRAIN"),
                            number_column("points", "COMMITS"),
                            number_column("runs", "RUNS"),
                            text_column("last_run_at", "LAST-RUN"),
                            machine_column("time_lag_ms")}};
    for (const Remembered& one : partitions) {
        const bool known = !one.points.empty();
        table.rows.push_back(
            {group,
             one.topic,
             std::int64_t{one.state.partition},
             std::string(to_string(status_of(one, rules))),
             known ? Cell(one.points.back().offset) : Cell(),
             one.end ? Cell(*one.end) : Cell(),
             known && one.end ? Cell(one.lag()) : Cell(),
             time_words(one.time_lag),
             duration_words(estimate_drain_ms(one.lag(), one.lag(), one.points, one.run_ms)),
             std::ssize(one.points),
             std::int64_t{one.state.runs},
             known_ms(one.run_ms),
             one.time_lag ? Cell(one.time_lag->ms) : Cell()});
    }
    return table;
}

Table list_points(const Remembered& one) {
    Table table{.title = "Commits that were seen",
                .columns = {number_column("offset", "OFFSET"),
                            text_column("seen_at", "SEEN-AT"),
                            number_column("lag", "LAG")}};
    for (const CommitPoint& point : one.points) {
        table.rows.push_back({point.offset, known_ms(point.at_ms), known(point.lag)});
    }
    return table;
}

Table list_rules(const Remembered& one, const LagRules& rules) {
    Table table{.title = "Rules, in their order",
                .columns = {text_column("rule", "RULE"),
                            text_column("holds", "HOLDS"),
                            text_column("numbers", "NUMBERS")}};
    for (RuleStory& story : tell_rules(one.given(), rules.judge())) {
        table.rows.push_back({std::move(story.rule),
                              std::string(story.holds ? "yes" : "no"),
                              std::move(story.numbers)});
    }
    return table;
}

}  // namespace

Report explain_lag(JobMemory& memory,
                   const std::string& group,
                   const std::optional<NamedPartition>& only,
                   const LagRuleSet& rule_set) {
    const LagRules rules = rule_set.of(group);
    std::vector<Remembered> partitions;
    for (const std::string& topic : memory.parts(windows_kind, group)) {
        if (only && only->topic != topic) {
            continue;
        }
        for (Remembered& one : recall_topic(memory, group, topic, rules)) {
            if (!only || only->partition == one.state.partition) {
                partitions.push_back(std::move(one));
            }
        }
    }
    if (partitions.empty()) {
        throw UsageError(fmt::format(
            "explaining {}{}: no run of this target has seen it; `caretaker lag --by partition` "
            "shows what there is",
            group,
            only ? fmt::format(" on {}:{}", only->topic, only->partition) : std::string()));
    }
    Report report{.table = list_partitions(group, partitions, rules)};
    if (only) {
        report.details.push_back(list_points(partitions.front()));
        report.details.push_back(list_rules(partitions.front(), rules));
    }
    return report;
}

}  // namespace caretaker
