// SPDX-License-Identifier: Apache-2.0
#include "tests/testjob/purge_plan.hpp"

#include "common/base/action_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>

namespace caretaker::testing {

UpkeepPlan plan_purge(std::vector<Thing> things,
                      std::int64_t keep_days,
                      std::span<const UnsettledAction> unsettled) {
    UpkeepPlan plan{.universe = static_cast<std::int64_t>(things.size())};
    plan.settled = settle_deletions(unsettled, [&](std::string_view uuid) {
        return std::ranges::find(things, uuid, &Thing::uuid) != things.end();
    });
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
