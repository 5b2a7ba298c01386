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
#include <cmath>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// Since when no commit of the group moved, where that makes the group expired.
std::optional<std::int64_t> find_expiry(std::span<const Remembered> partitions,
                                        const LagRules& rules) {
    std::optional<std::int64_t> last_change_ms;
    std::int64_t run_ms = 0;
    for (const Remembered& one : partitions) {
        run_ms = std::max(run_ms, one.run_ms);
        if (!one.points.empty()) {
            last_change_ms = std::max(last_change_ms.value_or(0), one.points.back().at_ms);
        }
    }
    const bool is_expired = last_change_ms && run_ms - *last_change_ms > rules.expire_group_ms;
    return is_expired ? std::optional(run_ms - *last_change_ms) : std::nullopt;
}

std::string run_count(std::int64_t runs) {
    return fmt::format("{} {}", runs, runs == 1 ? "run" : "runs");
}

/// What the last run said for another reason than the rules.
struct Foregone {
    std::string_view status{};
    RuleStory story{};
};

std::optional<Foregone> find_finding(const Remembered& one) {
    const auto found = [](LagStatus status, std::string rule, std::string numbers) {
        return Foregone{to_string(status),
                        {.rule = std::move(rule), .holds = true, .numbers = std::move(numbers)}};
    };
    switch (one.state.finding) {
        case LagStatus::lost:
            return found(LagStatus::lost,
                         "records lost",
                         fmt::format("{} deleted before they were read", one.state.lost));
        case LagStatus::ahead:
            return found(LagStatus::ahead, "committed beyond the end", "in two runs or more");
        case LagStatus::no_topic:
            return found(LagStatus::no_topic, "topic gone", "the last run did not find it");
        case LagStatus::no_leader:
            return found(LagStatus::no_leader, "no leader", "the last run found none");
        case LagStatus::unknown:
            return found(LagStatus::unknown, "not read", "the last run could not read it");
        default:
            break;
    }
    if (one.state.runs_no_commit > 0) {
        return found(LagStatus::no_commit,
                     "no commit",
                     fmt::format("in the last {}", run_count(one.state.runs_no_commit)));
    }
    if (one.state.was_ahead) {
        return found(LagStatus::ok,
                     "committed beyond the end",
                     "in one run alone, which the time between two requests explains");
    }
    return std::nullopt;
}

std::optional<Foregone> find_foregone(const Remembered& one,
                                      const std::optional<std::int64_t>& expired_ms,
                                      const LagRules& rules) {
    if (expired_ms) {
        return Foregone{to_string(GroupStatus::expired),
                        {.rule = "group expired",
                         .holds = true,
                         .numbers = fmt::format(
                             "nothing of it moved for {}; counts from {} on",
                             format_duration(std::chrono::milliseconds(*expired_ms)),
                             format_duration(std::chrono::milliseconds(rules.expire_group_ms)))}};
    }
    if (auto finding = find_finding(one)) {
        return finding;
    }
    const double wanted = rules.minimum_complete * static_cast<double>(rules.intervals);
    if (!one.points.empty() && static_cast<double>(one.state.runs) < wanted) {
        return Foregone{to_string(LagStatus::ok),
                        {.rule = "too few runs",
                         .holds = true,
                         .numbers = fmt::format("{} of {}; judged from {} on",
                                                one.state.runs,
                                                rules.intervals,
                                                std::ceil(wanted))}};
    }
    return std::nullopt;
}

std::string_view status_of(const Remembered& one,
                           const std::optional<std::int64_t>& expired_ms,
                           const LagRules& rules) {
    if (const auto foregone = find_foregone(one, expired_ms, rules)) {
        return foregone->status;
    }
    return to_string(one.points.empty() ? LagStatus::unknown
                                        : judge_partition(one.given(), rules.judge()).status);
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
                      const std::optional<std::int64_t>& expired_ms,
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
             std::string(status_of(one, expired_ms, rules)),
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

Table list_rules(const Remembered& one,
                 const std::optional<std::int64_t>& expired_ms,
                 const LagRules& rules) {
    Table table{.title = "Rules, in their order",
                .columns = {text_column("rule", "RULE"),
                            text_column("holds", "HOLDS"),
                            text_column("numbers", "NUMBERS")}};
    std::vector<RuleStory> stories = tell_rules(one.given(), rules.judge());
    if (auto foregone = find_foregone(one, expired_ms, rules)) {
        stories.insert(stories.begin(), std::move(foregone->story));
    }
    for (RuleStory& story : stories) {
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
        std::ranges::move(recall_topic(memory, group, topic, rules),
                          std::back_inserter(partitions));
    }
    const std::optional<std::int64_t> expired_ms = find_expiry(partitions, rules);
    if (only) {
        std::erase_if(partitions, [&](const Remembered& one) {
            return one.topic != only->topic || one.state.partition != only->partition;
        });
    }
    if (partitions.empty()) {
        throw UsageError(fmt::format(
            "explaining {}{}: no run of this target has seen it; `caretaker lag --by partition` "
            "shows what there is",
            group,
            only ? fmt::format(" on {}:{}", only->topic, only->partition) : std::string()));
    }
    Report report{.table = list_partitions(group, partitions, expired_ms, rules)};
    if (only) {
        report.details.push_back(list_points(partitions.front()));
        report.details.push_back(list_rules(partitions.front(), expired_ms, rules));
    }
    return report;
}

}  // namespace caretaker
