// SPDX-License-Identifier: Apache-2.0
#include "tests/testjob/purge_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker::testing {

UpkeepPlan plan_purge(std::vector<Thing> things,
                      std::int64_t keep_days,
                      std::span<const UnsettledAction> unsettled) {
    UpkeepPlan plan{.universe = static_cast<std::int64_t>(things.size())};
    for (const UnsettledAction& action : unsettled) {
        const bool there = std::ranges::find(things, action.identity, &Thing::uuid) != things.end();
        plan.settled.push_back({.id = action.id, .done = !there});
    }
    std::ranges::stable_sort(things, std::greater(), &Thing::age_days);
    for (const Thing& thing : things) {
        if (thing.age_days > keep_days) {
            plan.actions.push_back(
                {.kind = "delete_thing",
                 .subject = thing.name,
                 .reason = fmt::format("{} d old, keep {} d", thing.age_days, keep_days),
                 .bytes = thing.bytes,
                 .identity = thing.uuid});
        }
    }
    return plan;
}

}  // namespace caretaker::testing
