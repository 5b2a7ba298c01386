// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_verdict.hpp"

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

GroupStatus weight_of(LagStatus status) {
    switch (status) {
        case LagStatus::warn:
        case LagStatus::ahead:
            return GroupStatus::warn;
        case LagStatus::stop:
        case LagStatus::stall:
        case LagStatus::rewind:
        case LagStatus::lost:
            return GroupStatus::err;
        default:
            return GroupStatus::ok;
    }
}

PartitionVerdict verdict_of(LagStatus status) {
    return {.status = status, .weight = weight_of(status)};
}

/// A group that has just begun has no commits yet; one that never commits is not at work.
PartitionVerdict judge_no_commit(const PartitionEvidence& evidence, const LagRules& rules) {
    PartitionVerdict verdict = verdict_of(LagStatus::no_commit);
    if (evidence.has_records && evidence.window.state.runs_no_commit >= rules.intervals) {
        verdict.weight = GroupStatus::warn;
    }
    return verdict;
}

/// A commit beyond the end in a single run is a race between two requests.
PartitionVerdict judge_ahead(const PartitionEvidence& evidence) {
    return verdict_of(evidence.was_ahead_before ? LagStatus::ahead : LagStatus::ok);
}

PartitionVerdict judge_measured(const PartitionEvidence& evidence, const LagRules& rules) {
    const std::int64_t runs = evidence.window.state.runs;
    if (static_cast<double>(runs) < rules.minimum_complete * static_cast<double>(rules.intervals)) {
        return verdict_of(LagStatus::ok);
    }
    const JudgeCase given{.points = evidence.window.points,
                          .ends = evidence.ends,
                          .lag = evidence.lag.lag.value_or(0),
                          .now_ms = evidence.now_ms,
                          .live_owner = evidence.live_owner,
                          .early_ms = early_ms(evidence.window.state)};
    return verdict_of(judge_partition(given, rules.judge()).status);
}

PartitionVerdict judge_state(const PartitionEvidence& evidence, const LagRules& rules) {
    switch (evidence.state) {
        case PartitionState::measured:
            return judge_measured(evidence, rules);
        case PartitionState::ahead:
            return judge_ahead(evidence);
        case PartitionState::lost:
            return verdict_of(LagStatus::lost);
        case PartitionState::no_commit:
            return judge_no_commit(evidence, rules);
        case PartitionState::unknown_topic:
            return verdict_of(LagStatus::no_topic);
        case PartitionState::no_leader:
            return verdict_of(LagStatus::no_leader);
        default:
            return verdict_of(LagStatus::unknown);
    }
}

GroupStatus status_of(const GroupLag& group, const GroupVerdict& verdict, bool expired) {
    switch (group.reading) {
        case GroupReading::measured:
            break;
        case GroupReading::not_measured:
            return GroupStatus::not_judged;
        case GroupReading::not_found:
            return GroupStatus::not_found;
        case GroupReading::unread:
            return GroupStatus::unknown;
    }
    if (expired) {
        return GroupStatus::expired;
    }
    if (verdict.err > 0) {
        return GroupStatus::err;
    }
    if (verdict.warn > 0) {
        return GroupStatus::warn;
    }
    const LagTotals& totals = group.totals;
    const bool is_unread = totals.partitions > 0 && totals.unread == totals.partitions;
    return is_unread ? GroupStatus::unknown : GroupStatus::ok;
}

}  // namespace

PartitionVerdict judge_evidence(const PartitionEvidence& evidence, const LagRules& rules) {
    PartitionVerdict verdict = judge_state(evidence, rules);
    verdict.complete = evidence.window.state.runs >= rules.intervals;
    return verdict;
}

void set_time_lag(PartitionVerdict& verdict, std::int64_t ms, bool at_least) {
    verdict.time_is_least = at_least || ms > PartitionVerdict::longest_ms;
    verdict.time_lag_ms =
        static_cast<std::int32_t>(std::clamp<std::int64_t>(ms, 0, PartitionVerdict::longest_ms));
}

std::span<const PartitionVerdict> verdicts_of(const GroupLag& group, const TopicLag& topic) {
    if (group.verdict.partitions.empty()) {
        return {};
    }
    const auto first = static_cast<std::size_t>(topic.partitions.data() - group.partitions.data());
    return std::span(group.verdict.partitions).subspan(first, topic.partitions.size());
}

PartVerdict judge_part(std::span<const PartitionVerdict> partitions) {
    PartVerdict part;
    bool some_unknown = false;
    for (const PartitionVerdict& one : partitions) {
        part.status = std::max(part.status, one.weight);
        const bool reads_nothing =
            one.status == LagStatus::no_commit || one.status == LagStatus::no_topic;
        some_unknown =
            some_unknown || (one.time_lag_ms == PartitionVerdict::no_time && !reads_nothing);
        if (one.time_lag_ms > part.time_lag_ms) {
            part.time_lag_ms = one.time_lag_ms;
            part.time_is_least = one.time_is_least;
        }
    }
    if (part.time_lag_ms == 0 && some_unknown) {
        part.time_lag_ms = PartitionVerdict::no_time;  // a 0 would say that nothing is behind
    }
    return part;
}

int rank_status(GroupStatus status) {
    constexpr std::array<int, 7> ranks{0, 1, 3, 2, 2, 0, 0};
    return ranks.at(static_cast<std::size_t>(status));
}

void roll_up(GroupVerdict& verdict, const GroupLag& group, const LogTable& logs, bool expired) {
    std::int64_t worst_lag = -1;
    for (std::size_t i = 0; i < verdict.partitions.size(); ++i) {
        const PartitionVerdict& one = verdict.partitions[i];
        verdict.complete += one.complete ? 1 : 0;
        verdict.warn += one.weight == GroupStatus::warn ? 1 : 0;
        verdict.err += one.weight == GroupStatus::err ? 1 : 0;
        if (one.time_lag_ms > 0 &&
            (!verdict.slowest ||
             one.time_lag_ms > verdict.partitions[*verdict.slowest].time_lag_ms)) {
            verdict.slowest = i;
        }
        if (one.weight == GroupStatus::ok) {
            continue;
        }
        const PartitionLag& row = group.partitions[i];
        const std::int64_t lag = compute_lag(row.committed, logs.offsets(row.log)).lag.value_or(0);
        const GroupStatus before =
            verdict.worst ? verdict.partitions[*verdict.worst].weight : GroupStatus::ok;
        if (one.weight > before || (one.weight == before && lag > worst_lag)) {
            verdict.worst = i;
            worst_lag = lag;
        }
    }
    verdict.status = status_of(group, verdict, expired);
    if (verdict.status == GroupStatus::expired) {  // whose partitions are nobody's any more
        for (PartitionVerdict& one : verdict.partitions) {
            one.weight = GroupStatus::ok;
        }
        verdict.err = 0;
        verdict.warn = 0;
        verdict.worst.reset();
    }
}

GroupStatus worst_status(std::span<const GroupLag> groups) {
    GroupStatus worst = GroupStatus::ok;
    for (const GroupLag& group : groups) {
        if (rank_status(group.verdict.status) > rank_status(worst)) {
            worst = group.verdict.status;
        }
    }
    return worst;
}

}  // namespace caretaker
