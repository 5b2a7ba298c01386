// SPDX-License-Identifier: Apache-2.0
// The verdict of a run about a partition, from what the run saw and what is kept of earlier ones,
// and the verdict about a group from those of its partitions. Pure.
#pragma once

#include "jobs/lag/lag_judge.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_window.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace caretaker {

/// How partitions of a group are judged.
struct LagRules {
    std::int64_t intervals = 10;                 // N: points of a window, and runs to complete it
    std::int64_t allowed_lag = 0;                // a lag up to that is none
    std::int64_t min_silence_ms = 300'000;       // STOP: without a commit for at least so long
    std::int64_t min_points = 3;                 // WARN: so many commits seen
    double minimum_complete = 0;                 // 0..1: judged from that part of N runs on
    std::int64_t expire_group_ms = 604'800'000;  // unmoved for longer: expired
    std::int64_t max_window_ms = 3'600'000;      // older points are forgotten
    std::int64_t min_distance_ms = 0;            // points closer than that become one

    [[nodiscard]] WindowRules window() const {
        return {.intervals = intervals,
                .allowed_lag = allowed_lag,
                .max_age_ms = max_window_ms,
                .min_distance_ms = min_distance_ms};
    }

    [[nodiscard]] JudgeParameters judge() const {
        return {
            .allowed_lag = allowed_lag, .min_silence_ms = min_silence_ms, .min_points = min_points};
    }

    friend bool operator==(const LagRules&, const LagRules&) = default;
};

/// What a run knows of one partition of a group.
struct PartitionEvidence {
    PartitionState state = PartitionState::measured;
    Lag lag{};
    bool has_records = false;  // the log is not empty
    bool live_owner = false;
    WindowView window{};                   // with this run
    bool was_ahead_before = false;         // in the run before this one
    std::span<const std::int64_t> ends{};  // of the log in the last runs
    std::int64_t now_ms = 0;
};

/// Without the lag in time. A window that is not complete enough is no ground for a complaint; what
/// one run alone proves (records lost) is told at once.
PartitionVerdict judge_evidence(const PartitionEvidence& evidence, const LagRules& rules);

/// Adds the lag in time.
void set_time_lag(PartitionVerdict& verdict, std::int64_t ms, bool at_least);

/// The verdicts about the partitions of one of the topics of `group`; empty before any was judged.
std::span<const PartitionVerdict> verdicts_of(const GroupLag& group, const TopicLag& topic);

/// The verdict about some partitions of a group, e.g. those of one topic.
struct PartVerdict {
    GroupStatus status = GroupStatus::ok;                  // ok, warn or err
    std::int32_t time_lag_ms = PartitionVerdict::no_time;  // the largest
    bool time_is_least = false;
};

/// Without a lag in time where the largest known one is 0 and others are not known.
PartVerdict judge_part(std::span<const PartitionVerdict> partitions);

/// Fills in all but `partitions`, which are there. `expired` says that nothing of the group moved
/// for too long.
void roll_up(GroupVerdict& verdict, const GroupLag& group, const LogTable& logs, bool expired);

/// How loudly a status speaks among those of other groups: an error before what is not known, that
/// before a warning; expired groups and those not judged speak as little as those that are fine.
int rank_status(GroupStatus status);

/// The status that speaks loudest.
GroupStatus worst_status(std::span<const GroupLag> groups);

}  // namespace caretaker
