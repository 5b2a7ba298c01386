// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/agent_load_model.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

using Loads = std::vector<std::pair<std::uint32_t, std::int32_t>>;

Loads loads_on(const AgentLoads& loads, std::uint32_t agent) {
    Loads found;
    for (const AppLoad& load : loads.on(agent)) {
        found.emplace_back(load.app, load.number);
    }
    return found;
}

TEST(AgentLoad, HasEachAppOnceInTheOrderAskedFor) {
    const std::vector<InstancesByAgent> placed{
        {{2, 1}, {0, 1}, {2, 3}}, {{2, 1}}, {{0, 9}, {1, 9}, {2, 9}}};
    const std::vector<std::uint32_t> apps{1, 0};
    const AgentLoads loads(
        4, apps, [&](std::uint32_t app) -> const InstancesByAgent& { return placed[app]; });
    EXPECT_EQ(loads_on(loads, 0), (Loads{{0, 1}}));
    EXPECT_EQ(loads_on(loads, 1), Loads{}) << "only an app that was not asked for is there";
    EXPECT_EQ(loads_on(loads, 2), (Loads{{1, 1}, {0, 4}}));
    EXPECT_EQ(loads_on(loads, 3), Loads{});
}

TEST(AgentLoad, IsNoneWithoutApps) {
    const AgentLoads loads(2, {}, [](std::uint32_t /*app*/) -> const InstancesByAgent& {
        static const InstancesByAgent none;
        return none;
    });
    EXPECT_TRUE(loads.on(1).empty());
}

}  // namespace
}  // namespace caretaker
