// SPDX-License-Identifier: Apache-2.0
// Judges what a run measured by what earlier runs kept in the store, and keeps what this one saw.
#pragma once

#include "common/base/clock.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_rule_set.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
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
    /// Groups that are gone, by name; each is told once.
    std::vector<std::string> gone{};
    /// The id of the cluster that runs of the last hour saw, where it is another one: nothing was
    /// judged by them, and nothing kept.
    std::string other_cluster{};
};

/// Which groups a run would have seen.
struct HistoryScope {
    /// Those of which this is true; empty: the run looked for certain groups alone, or passed over
    /// some, so that nothing follows from what it did not see.
    std::function<bool(std::string_view)> expects{};
    bool all_groups = false;  // it wanted all there are
};

/// The groups that runs before `now` saw and that `scope` expects, in byte order, without those
/// that are known to be gone.
[[nodiscard]] std::vector<std::string> find_remembered_groups(JobMemory& memory,
                                                              const LagRuleSet& rules,
                                                              WallTime now,
                                                              const HistoryScope& scope);

/// Sets the verdict of every group of `cluster`, whose offsets were read at `read_at`. With a
/// memory all of it happens in one transaction; without one each run is like a first one. Groups
/// that the memory knows and a cluster that could not list all its groups does not show are added
/// to `cluster` as unread. Throws StoreError with nothing kept.
HistoryOutcome judge_by_history(ClusterLag& cluster,
                                JobMemory* memory,
                                const LagRuleSet& rules,
                                WallTime read_at,
                                const HistoryScope& scope = {});

}  // namespace caretaker
