// SPDX-License-Identifier: Apache-2.0
// Lag in time: how long ago the record was written that a group reads next. Pure.
#pragma once

#include "jobs/lag/lag_end_history.hpp"
#include "jobs/lag/lag_judge.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace caretaker {

struct TimeLag {
    std::int64_t ms = 0;
    bool at_least = false;  // the record is older than all that is known of the log

    friend bool operator==(const TimeLag&, const TimeLag&) = default;
};

/// Where in time the log was at the offset `next`, the one that is read next (the commit, or the
/// start of the log where that is later), read between the two ends beside it; the last one of
/// `ends` is the present end. Accurate to about half the time between two runs. Never extrapolated:
/// beyond the oldest end it is a lower bound. Nothing while fewer than two ends are known.
std::optional<TimeLag> find_time_lag(std::int64_t next,
                                     std::span<const LogEnd> ends,
                                     std::int64_t now_ms);

/// How long it takes until nothing is left of `backlog` at the speed with which the lag fell since
/// the oldest point whose lag is known. Nothing when it did not fall.
std::optional<std::int64_t> estimate_drain_ms(std::int64_t backlog,
                                              std::int64_t lag,
                                              std::span<const CommitPoint> points,
                                              std::int64_t now_ms);

}  // namespace caretaker
