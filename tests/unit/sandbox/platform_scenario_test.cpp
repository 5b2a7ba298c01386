// SPDX-License-Identifier: Apache-2.0
// Seeded platforms.
#include "tests/sandbox/platform_scenario.hpp"

#include "tests/sandbox/mesos_documents.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace caretaker::sandbox {
namespace {

std::string format_state(const ClusterOptions& options) {
    const MesosScene scene{.state = std::make_shared<PlatformState>(make_platform(options)),
                           .masters = {"127.0.0.1:5050"}};
    return format_document([&](Json& json) { write_state(json, scene); });
}

TEST(PlatformScenario, IsTheSameForTheSameSeed) {
    EXPECT_EQ(format_state({.seed = 3}), format_state({.seed = 3}));
    EXPECT_NE(format_state({.seed = 3}), format_state({.seed = 4}));
}

TEST(PlatformScenario, UsesNothingTwice) {
    const PlatformState state = make_platform({.agents = 60});
    const PlatformIndex index(state);
    for (std::size_t i = 0; i < state.agents.size(); ++i) {
        std::vector<FakeResource> total = state.agents[i].total;
        for (FakeResource resource : index.used_on(i)) {
            resource.allocated_to.clear();
            std::int64_t there = 0;
            for (const FakeResource& entry : total) {
                there += is_same_kind(entry, resource) ? entry.milli : 0;
            }
            EXPECT_GE(there, resource.milli) << state.agents[i].hostname << " " << resource.name;
            if (!resource.ranges.empty()) {
                EXPECT_EQ(subtract_ranges(resource.ranges, {{31'000, 32'000}}).size(), 0U);
            }
        }
        std::set<std::int64_t> ports;
        for (const std::string& id : state.agents[i].tasks) {
            for (const std::int64_t port : state.tasks.at(id).ports) {
                EXPECT_TRUE(ports.insert(port).second) << id;
            }
        }
        EXPECT_GE(state.agents[i].free.cpus, 0);
        EXPECT_GE(state.agents[i].free.mem, 0);
    }
}

TEST(PlatformScenario, HasEveryStateOfAnAgentInALargeCluster) {
    std::set<AgentState> states;
    for (const FakeAgent& agent : make_platform({.agents = 130}).agents) {
        states.insert(agent.state);
    }
    EXPECT_EQ(states.size(), 7U) << "all but those whose machine is down";
}

TEST(PlatformScenario, LeavesOutWhatIsNotWanted) {
    ClusterOptions options{.agents = 40};
    for (const std::string_view feature : cluster_feature_names()) {
        EXPECT_TRUE(leave_out(options, feature));
    }
    EXPECT_FALSE(leave_out(options, "nothing"));
    const PlatformState state = make_platform(options);
    EXPECT_EQ(state.frameworks.size(), 1U);
    EXPECT_TRUE(state.offers.empty());
    for (const FakeAgent& agent : state.agents) {
        EXPECT_EQ(agent.total.size(), 4U);
        EXPECT_EQ(agent.state, AgentState::active);
        EXPECT_TRUE(agent.attributes.empty());
    }
}

TEST(PlatformScenario, CanBeEmpty) {
    const PlatformState state = make_platform({.agents = 0, .apps = 2});
    EXPECT_TRUE(state.agents.empty());
    EXPECT_EQ(state.marathon.queued_since.size(), 3U);
}

TEST(MesosVersion, IsReadFromItsNumbers) {
    EXPECT_EQ(parse_mesos_version("0.28")->text(), "0.28.0");
    EXPECT_TRUE(parse_mesos_version("1.11.0")->since(1, 9));
    EXPECT_FALSE(parse_mesos_version("0.28.2")->since(1, 0));
    EXPECT_EQ(parse_mesos_version("1"), std::nullopt);
    EXPECT_EQ(parse_mesos_version("1.x"), std::nullopt);
}

}  // namespace
}  // namespace caretaker::sandbox
