// SPDX-License-Identifier: Apache-2.0
// Who may take what of an agent.
#include "jobs/leftovers/role_view_model.hpp"

#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using testing::read_facts;
using testing::reserved_agent;

struct ViewCase {
    const char* role;
    AcceptedRoles accepted;
    Milli cpus;
    Milli mem;
    int ports;
};

class MarathonView : public ::testing::TestWithParam<ViewCase> {};

TEST_P(MarathonView, HasWhatTheRoleAccepts) {
    const ClusterFacts facts = read_facts({reserved_agent});
    const RoleView view = view_by_role(
        facts.cluster, facts.flags, {.role = GetParam().role, .accepted = GetParam().accepted});
    EXPECT_EQ(view.free[Resource::cpus].at(0), GetParam().cpus);
    EXPECT_EQ(view.free[Resource::mem].at(0), GetParam().mem);
    EXPECT_EQ(view.ports.at(0), GetParam().ports);
    EXPECT_FALSE(view.is_dust.at(0));
}

INSTANTIATE_TEST_SUITE_P(
    Roles,
    MarathonView,
    ::testing::Values(ViewCase{"*", AcceptedRoles::any, 3'500, 11'264'000, 7},
                      ViewCase{"web", AcceptedRoles::any, 3'500, 11'264'000, 7},
                      ViewCase{"logs", AcceptedRoles::any, 6'500, 17'408'000, 7},
                      ViewCase{"logs/es", AcceptedRoles::any, 3'500, 11'264'000, 7},
                      ViewCase{"logs", AcceptedRoles::reserved, 3'000, 6'144'000, 0},
                      ViewCase{"logs", AcceptedRoles::unreserved, 3'500, 11'264'000, 7},
                      ViewCase{"*", AcceptedRoles::reserved, 3'500, 11'264'000, 7}));

TEST(RoleView, ListsFreePorts) {
    const ClusterFacts facts = read_facts({reserved_agent});
    const RoleView view = view_by_role(facts.cluster, facts.flags, {});
    PortSet free;
    for (const PortRange& range : view.ports_of(0)) {
        free.add(range.begin, range.end);
    }
    EXPECT_EQ(free.text(), "[31000-31001, 31004-31006, 31008-31009]");
}

TEST(RoleView, LeavesOutOffersWhereTheyCountAsTaken) {
    const ClusterFacts facts = read_facts({reserved_agent}, OfferedResources::are_busy);
    const RoleView view = view_by_role(facts.cluster, facts.flags, {});
    EXPECT_EQ(view.free[Resource::cpus].at(0), 3'000);
}

TEST(RoleView, OffersReservationsOfTheRoleItselfAndThoseAboveIt) {
    const ReservationStack logs{.roles = {"logs"}};
    EXPECT_TRUE(is_offered_to(logs, "logs"));
    EXPECT_TRUE(is_offered_to(logs, "logs/es"));
    EXPECT_FALSE(is_offered_to(logs, "logs2"));
    EXPECT_FALSE(is_offered_to(logs, "log"));
    EXPECT_FALSE(is_offered_to(logs, "*"));
    EXPECT_FALSE(is_offered_to({.roles = {"logs", "logs/es"}, .is_refined = true}, "logs"));
    EXPECT_TRUE(is_offered_to({}, "anything"));
    EXPECT_FALSE(is_offered_to({.roles = {"?"}, .is_hidden = true}, "?"));
}

TEST(RoleView, KeepsWhatMarathonReservedForAnInstance) {
    EXPECT_FALSE(
        is_taken_by_marathon({.roles = {"logs"}, .is_of_instance = true}, {.role = "logs"}));
    EXPECT_TRUE(is_taken_by_marathon({.roles = {"logs"}}, {.role = "logs"}));
}

struct DustCase {
    const char* cpus;
    const char* mem;
    bool is_dust;
};

class Dust : public ::testing::TestWithParam<DustCase> {};

TEST_P(Dust, IsWhatNoAlternativeOfTheFlagIsSatisfiedBy) {
    const std::string agents = std::string(R"({"slaves":[{"id":"S0","hostname":"h",)") +
                               R"("unreserved_resources_full":[{"name":"cpus","scalar":{"value":)" +
                               GetParam().cpus + R"(}},{"name":"mem","scalar":{"value":)" +
                               GetParam().mem + "}}]}]}";
    const ClusterFacts facts = read_facts({agents});
    EXPECT_EQ(view_by_role(facts.cluster, facts.flags, {}).is_dust.at(0), GetParam().is_dust);
}

INSTANTIATE_TEST_SUITE_P(Boundaries,
                         Dust,
                         ::testing::Values(DustCase{"0", "32", false},
                                           DustCase{"0.01", "0", false},
                                           DustCase{"0.009", "31.999", true},
                                           DustCase{"0", "0", true},
                                           DustCase{"8", "8192", false}));

TEST(Dust, HasTheLimitsOfTheMastersFlag) {
    const std::string flags =
        R"({"flags":{"min_allocatable_resources":"cpus:4;mem:1|zzz:1","other":"x"}})";
    const ClusterFacts facts = read_facts({reserved_agent, flags});
    EXPECT_TRUE(view_by_role(facts.cluster, facts.flags, {}).is_dust.at(0)) << "3.5 of 4 cpus";
    EXPECT_FALSE(view_by_role(facts.cluster, facts.flags, {.role = "logs"}).is_dust.at(0));
}

TEST(Dust, IsNothingWhereTheFlagIsEmpty) {
    const ClusterFacts facts =
        read_facts({reserved_agent, R"({"flags":{"min_allocatable_resources":""}})"});
    EXPECT_FALSE(view_by_role(facts.cluster, facts.flags, {}).is_dust.at(0));
}

TEST(MinAllocatable, IsReadOrRefused) {
    const auto parsed = parse_min_allocatable("cpus:0.01|mem:32;disk:1");
    ASSERT_TRUE(parsed);
    ASSERT_EQ(parsed->size(), 2U);
    EXPECT_EQ(parsed->at(1).at(1).second, 1'000);
    for (const char* text : {"cpus", "cpus:", ":1", "cpus:x", "cpus:1|mem"}) {
        EXPECT_FALSE(parse_min_allocatable(text)) << text;
    }
}

}  // namespace
}  // namespace caretaker
