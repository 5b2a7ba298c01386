// SPDX-License-Identifier: Apache-2.0
// How many more instances of each app fit, and why no more: a row per app.
#pragma once

#include "common/base/table.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/rolling_model.hpp"
#include "jobs/leftovers/workload.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

struct AppsShown {
    std::string pattern{};  // glob over ids; empty: all
    std::size_t most = 20;  // rows; 0: all
};

/// Indexes into Fits::apps of those shown, those with the least room for their size first.
std::vector<std::size_t> order_by_room(const Workload& workload,
                                       const Fits& fits,
                                       const AppsShown& shown);

/// In that order. Apps that do not run are not in `restarts`.
Table make_apps_table(const Workload& workload,
                      const Fits& fits,
                      std::span<const RollingRestart> restarts,
                      const AppsShown& shown);

/// "InsufficientMemory 300, UnfulfilledConstraint 96": agents that take no instance, by reason, the
/// most frequent first.
std::string describe_refusals(const AppFit& fit);

}  // namespace caretaker
