// SPDX-License-Identifier: Apache-2.0
// Groups that earlier runs saw and this one does not: gone, or only not shown by the cluster.
#pragma once

#include "common/base/wall_time.hpp"
#include "jobs/lag/lag_model.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class JobMemory;

/// What a run may conclude from a group that it did not see.
struct AbsenceScope {
    /// Whether the run would have seen a group of that name; empty: it looked for certain groups
    /// alone, or passed over some.
    std::function<bool(std::string_view)> expects{};
    WallTime since{};              // groups that were last seen before are forgotten
    bool listing_complete = true;  // false: an absent group may still exist
};

/// The groups that the run would have seen if they were still there, in byte order; without those
/// that were told of as gone. Empty where `scope` expects none.
std::vector<std::string> find_expected_groups(JobMemory& memory, const AbsenceScope& scope);

/// Where the listing is not complete, adds the absent groups to `cluster` as unread. Otherwise
/// returns the names of those that are gone, each of them once until it is seen again. To be called
/// within JobMemory::write().
std::vector<std::string> note_absent_groups(ClusterLag& cluster,
                                            JobMemory& memory,
                                            const AbsenceScope& scope,
                                            WallTime now);

}  // namespace caretaker
