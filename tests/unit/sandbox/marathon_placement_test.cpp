// SPDX-License-Identifier: Apache-2.0
// Placement as Marathon's documentation works it out.
#include "tests/sandbox/marathon_placement.hpp"

#include "tests/sandbox/marathon_api.hpp"

#include <gtest/gtest.h>

#include <map>

namespace caretaker::sandbox {
namespace {

/// Agents h1 … with a rack each; "" is none.
PlatformState make_hosts(const std::vector<std::string>& racks) {
    PlatformState state;
    for (const std::string& rack : racks) {
        FakeAgent agent{.hostname = "h" + std::to_string(state.agents.size() + 1),
                        .total = {make_scalar("cpus", 4'000), make_ports(1, 2)},
                        .free = {.cpus = 4'000}};
        if (!rack.empty()) {
            agent.attributes = {{.name = "rack", .text = rack}};
        }
        state.agents.push_back(std::move(agent));
    }
    return state;
}

struct Example {
    std::string constraint{};
    std::vector<std::string> placed{};  // racks
    std::string offered{};              // rack
    bool is_accepted = false;
};

class ConstraintExample : public ::testing::TestWithParam<Example> {};

TEST_P(ConstraintExample, IsJudgedAsDocumented) {
    const Example& example = GetParam();
    std::vector<std::string> racks = example.placed;
    racks.push_back(example.offered);
    const PlatformState state = make_hosts(racks);
    std::vector<std::size_t> placed;
    for (std::size_t i = 0; i < example.placed.size(); ++i) {
        placed.push_back(i);
    }
    const auto constraints = parse_constraints("[" + example.constraint + "]");
    ASSERT_EQ(constraints.size(), 1U);
    EXPECT_EQ(meets_constraint(state, constraints[0], state.agents.back(), placed),
              example.is_accepted)
        << example.constraint;
}

INSTANTIATE_TEST_SUITE_P(
    Documented,
    ConstraintExample,
    ::testing::Values(Example{R"(["hostname","UNIQUE"])", {"r1", "r1"}, "r1", true},
                      Example{R"(["rack","UNIQUE"])", {"r1"}, "r1", false},
                      Example{R"(["rack","UNIQUE"])", {}, "", false},
                      Example{R"(["rack","CLUSTER","r2"])", {"r1"}, "r2", true},
                      Example{R"(["rack","CLUSTER"])", {"r1", "r1"}, "r2", false},
                      Example{R"(["rack","LIKE","r"])", {}, "r1", false},
                      Example{R"(["rack","LIKE","r.*"])", {}, "r1", true},
                      Example{R"(["rack","UNLIKE","r1"])", {}, "", true},
                      Example{R"(["rack","UNLIKE","r1"])", {}, "r1", false},
                      Example{R"(["rack","GROUP_BY","2"])", {"r1"}, "r1", false},
                      Example{R"(["rack","GROUP_BY","2"])", {"r1"}, "r2", true},
                      Example{R"(["rack","GROUP_BY","2"])", {"r1", "r2"}, "r1", true},
                      Example{R"(["rack","GROUP_BY","2"])", {"r1", "r1", "r2"}, "r1", false},
                      Example{R"(["rack","GROUP_BY","2"])", {"r1", "r1", "r2"}, "r3", true},
                      Example{R"(["rack","GROUP_BY","3"])", {"r1", "r2"}, "r1", false},
                      Example{R"(["rack","GROUP_BY"])", {"r1"}, "r1", true},
                      Example{R"(["rack","GROUP_BY","2"])", {"r1", "r1", ""}, "r1", false},
                      Example{R"(["rack","MAX_PER","2"])", {"r1"}, "r1", true},
                      Example{R"(["rack","MAX_PER","2"])", {"r1", "r1", "r2"}, "r1", false},
                      Example{R"(["rack","IS","r1"])", {}, "r1", true},
                      Example{R"(["rack","IS","r1"])", {}, "r2", false}));

TEST(FindPlace, NeedsRoomPortsAndAnActiveAgent) {
    PlatformState state = make_hosts({"r1", "r2", "r3"});
    EXPECT_EQ(find_place(state, {.amounts = {.cpus = 4'000}}, {}, 1), 1U);
    EXPECT_EQ(find_place(state, {.amounts = {.cpus = 4'001}}, {}, 1), std::nullopt);
    state.agents[1].state = AgentState::deactivated;
    EXPECT_EQ(find_place(state, {.amounts = {.cpus = 1}}, {}, 1), 2U);
    EXPECT_EQ(find_place(state, {.ports = 3}, {}, 0), std::nullopt);
    EXPECT_EQ(take_free_ports(state, state.agents[0], 2), (std::vector<std::int64_t>{1, 2}));
}

TEST(MarathonSelector, ComparesLabels) {
    const std::string_view labels = R"({"team":"web","tier":"a,b"})";
    const std::map<std::string_view, bool> examples{{"team", true},
                                                    {"none", false},
                                                    {"team==web", true},
                                                    {"team == logs", false},
                                                    {"team!=logs", true},
                                                    {"none!=logs", false},
                                                    {"team in (logs, web)", true},
                                                    {"team notin (logs)", true},
                                                    {"none notin (logs)", false},
                                                    {"team==web,none", false},
                                                    {"tier==a\\,b", true}};
    for (const auto& [selector, is_met] : examples) {
        EXPECT_EQ(meets_selector(labels, selector), is_met) << selector;
    }
}

}  // namespace
}  // namespace caretaker::sandbox
