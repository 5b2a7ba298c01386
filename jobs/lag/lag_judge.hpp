// SPDX-License-Identifier: Apache-2.0
// The verdict about one partition of a consumer group, from its last commits alone: no threshold
// has to be known. The rules are those of Burrow, written anew; see docs/lag.md. Pure.
#pragma once

#include "jobs/lag/lag_status.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace caretaker {

/// A commit that was seen.
struct CommitPoint {
    std::int64_t offset = 0;
    std::int64_t at_ms = 0;             // since 1970
    std::optional<std::int64_t> lag{};  // behind the end of the log at that time; empty: not known

    friend bool operator==(const CommitPoint&, const CommitPoint&) = default;
};

struct JudgeParameters {
    std::int64_t allowed_lag = 0;     // a lag up to that is none
    std::int64_t min_silence_ms = 0;  // STOP: without a commit for at least so long
    std::int64_t min_points = 1;      // STALL by equal offsets, and WARN: so many commits seen
};

struct JudgeCase {
    std::span<const CommitPoint> points{};  // oldest first
    std::span<const std::int64_t> ends{};   // recent ends of the log, in any order
    std::int64_t lag = 0;                   // now
    std::int64_t now_ms = 0;
    bool live_owner = false;    // a member of the group owns the partition
    std::int64_t early_ms = 0;  // so much before the first of the points the window begins
};

/// What can be said of a case, each rule for itself. Over no points a rule about all of them holds.
struct JudgeRules {
    bool stopped = false;             // silent for longer than from the first to the last point
    bool recently_caught_up = false;  // an end is not beyond the last offset
    std::optional<std::size_t> rewind_index{};  // of the first point below the one before it, if no
                                                // later one is back at that one's offset
    bool lag_always_above_allowed = false;      // no point has a known lag within the allowed
    bool stalled = false;                       // all offsets are equal
    bool lag_not_decreasing = false;            // no known lag is below the known one before it

    friend bool operator==(const JudgeRules&, const JudgeRules&) = default;
};

struct Judgement {
    LagStatus status = LagStatus::ok;  // or warn, stop, stall, rewind
    JudgeRules rules{};
};

/// now - last time; any two times have one.
std::int64_t silence_ms(const JudgeCase& given);

/// last time - first time, from where the window begins on.
std::int64_t span_ms(const JudgeCase& given);

JudgeRules apply_rules(const JudgeCase& given, std::int64_t allowed_lag);

/// The first that holds: no points or a lag within the allowed, OK; stopped and not recently caught
/// up, STOP, which a live owner makes STALL; a rewind, REWIND; a lag within the allowed in some
/// point, OK; stalled, STALL; lag not decreasing, WARN; else OK.
Judgement judge_partition(const JudgeCase& given, const JudgeParameters& parameters);

}  // namespace caretaker
