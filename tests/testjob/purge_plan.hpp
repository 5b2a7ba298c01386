// SPDX-License-Identifier: Apache-2.0
// Decides which things go; no IO.
#pragma once

#include "common/base/upkeep_plan.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caretaker::testing {

struct Thing {
    std::string name{};
    std::string uuid{};
    std::int64_t age_days = 0;
    std::int64_t bytes = 0;
};

/// Things older than `keep_days` go, the oldest first. Of the unsettled deletions those are done
/// whose thing is not there any more.
UpkeepPlan plan_purge(std::vector<Thing> things,
                      std::int64_t keep_days,
                      std::span<const UnsettledAction> unsettled);

}  // namespace caretaker::testing
