// SPDX-License-Identifier: Apache-2.0
// Judges what a run measured by what earlier runs kept in the store, and keeps what this one saw.
#pragma once

#include "common/base/clock.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_rule_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

class JobMemory;

/// What the history says of a run as a whole.
struct HistoryOutcome {
    /// The clock is not later than that of the last run: nothing was judged by earlier runs.
    bool clock_went_back = false;
    /// Entries that could not be read; they are begun anew.
    std::int64_t unreadable = 0;
    /// The cluster has no groups, although a run in the last hour saw some.
    bool groups_vanished = false;
};

/// Sets the verdict of every group of `cluster`, whose offsets were read at `read_at`. With a
/// memory all of it happens in one transaction; without one each run is like a first one. Throws
/// StoreError with nothing kept.
HistoryOutcome judge_by_history(ClusterLag& cluster,
                                JobMemory* memory,
                                const LagRuleSet& rules,
                                WallTime read_at);

}  // namespace caretaker
