// SPDX-License-Identifier: Apache-2.0
// Constraints on one offer, as Marathon evaluates them.
#include "jobs/leftovers/constraint_model.hpp"

#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::read_facts;

struct LocalCase {
    MarathonConstraint constraint{};
    bool on_text = false;     // value "host1"
    bool on_number = false;   // value 0.8
    bool on_missing = false;  // no such attribute
};

class LocalConstraint : public ::testing::TestWithParam<LocalCase> {};

TEST_P(LocalConstraint, AcceptsByTheWholeValue) {
    const ClusterFacts facts =
        read_facts({R"({"slaves":[{"id":"S0","hostname":"a","attributes":{"x":"host1"}},)"
                    R"({"id":"S1","hostname":"b","attributes":{"x":0.8}},)"
                    R"({"id":"S2","hostname":"c"}]})"});
    FieldColumns columns(facts.cluster);
    const CompiledConstraints compiled = compile_constraints({&GetParam().constraint, 1}, columns);
    EXPECT_EQ(compiled.unsupported, "");
    ASSERT_EQ(compiled.accepts.size(), 3U);
    EXPECT_EQ(compiled.accepts[0] != 0, GetParam().on_text);
    EXPECT_EQ(compiled.accepts[1] != 0, GetParam().on_number);
    EXPECT_EQ(compiled.accepts[2] != 0, GetParam().on_missing);
}

INSTANTIATE_TEST_SUITE_P(
    Operators,
    LocalConstraint,
    ::testing::Values(LocalCase{{"x", "LIKE", "host"}, false, false, false},
                      LocalCase{{"x", "LIKE", "host.*"}, true, false, false},
                      LocalCase{{"x", "LIKE", "a|host1"}, true, false, false},
                      LocalCase{{"x", "LIKE", ".*"}, true, true, false},
                      LocalCase{{"x", "LIKE", ""}, false, false, false},
                      LocalCase{{"x", "LIKE", "0[.]8"}, false, true, false},
                      LocalCase{{"x", "UNLIKE", "host.*"}, false, true, true},
                      LocalCase{{"x", "UNLIKE", "host"}, true, true, true},
                      LocalCase{{"x", "UNLIKE", ""}, false, false, true},
                      LocalCase{{"x", "UNLIKE", {}}, false, false, true},
                      LocalCase{{"x", "LIKE", {}}, false, false, false},
                      LocalCase{{"x", "IS", "host1"}, true, false, false},
                      LocalCase{{"x", "IS", "0.80"}, false, true, false},
                      LocalCase{{"x", "IS", "0.8001"}, false, true, false},
                      LocalCase{{"x", "IS", "0.81"}, false, false, false},
                      LocalCase{{"x", "CLUSTER", "host1"}, true, false, false},
                      LocalCase{{"x", "UNIQUE", {}}, true, true, false},
                      LocalCase{{"hostname", "LIKE", "[ac]"}, true, false, true},
                      LocalCase{{"@hostname", "IS", "b"}, false, true, false}));

TEST(LocalConstraint, HoldsForDomainsOfAgents) {
    const ClusterFacts facts = read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"a","domain":{"fault_domain":)"
         R"({"region":{"name":"eu"},"zone":{"name":"z1"}}}},{"id":"S1","hostname":"b"}]})"});
    FieldColumns columns(facts.cluster);
    const MarathonConstraint zone{"@zone", "IS", "z1"};
    const CompiledConstraints compiled = compile_constraints({&zone, 1}, columns);
    EXPECT_EQ(compiled.accepts, (std::vector<char>{1, 0}));
}

TEST(LocalConstraint, IsNeededForAgentsOfAnotherRegion) {
    const auto agent = [](const std::string& id, const std::string& region) {
        return R"({"id":")" + id + R"(","hostname":")" + id +
               R"(","domain":{"fault_domain":{"region":{"name":")" + region +
               R"("},"zone":{"name":"z"}}}})";
    };
    const ClusterFacts facts = read_facts(
        {R"({"slaves":[)" + agent("S0", "eu") + "," + agent("S1", "us") +
             R"(,{"id":"S2","hostname":"c"}]})",
         R"({"get_master":{"master_info":{"domain":{"fault_domain":{"region":{"name":"eu"}}}}}})"});
    FieldColumns columns(facts.cluster);
    EXPECT_EQ(compile_constraints({}, columns).accepts, (std::vector<char>{1, 0, 1}));
    const MarathonConstraint host{"hostname", "LIKE", "S."};
    EXPECT_EQ(compile_constraints({&host, 1}, columns).accepts, (std::vector<char>{1, 0, 0}));
    EXPECT_EQ(compile_constraint(host, columns).accepts, (std::vector<char>{1, 1, 0}));
    const MarathonConstraint zone{"@zone", "IS", "z"};
    EXPECT_EQ(compile_constraints({&zone, 1}, columns).accepts, (std::vector<char>{1, 1, 0}));
}

TEST(IsValue, LooksLikeAScalarWhereItIsANumber) {
    EXPECT_EQ(normalize_is_value("0.80"), "0.8");
    EXPECT_EQ(normalize_is_value("3"), "3");
    EXPECT_EQ(normalize_is_value("3.000"), "3");
    EXPECT_EQ(normalize_is_value("3."), "3.");
    EXPECT_EQ(normalize_is_value(".5"), ".5");
    EXPECT_EQ(normalize_is_value("1e3"), "1e3");
    EXPECT_EQ(normalize_is_value("-1"), "-1");
    EXPECT_EQ(normalize_is_value(""), "");
}

struct GroupCase {
    const char* what;
    GroupingKind kind;
    std::int64_t number;
    std::vector<std::int64_t> counts;  // of the values r1, r2, r3 and of none
    std::uint32_t value;
    bool is_accepted;
};

class GroupConstraint : public ::testing::TestWithParam<GroupCase> {};

TEST_P(GroupConstraint, AcceptsByCountedInstances) {
    const Grouping grouping{.kind = GetParam().kind, .number = GetParam().number};
    const std::vector<std::int64_t>& counts = GetParam().counts;
    EXPECT_EQ(accepts_now(grouping, GetParam().value, counts, tally_groups(counts)),
              GetParam().is_accepted)
        << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    Cases,
    GroupConstraint,
    ::testing::Values(
        GroupCase{"unused", GroupingKind::unique, 1, {1, 1, 0, 0}, 2, true},
        GroupCase{"used", GroupingKind::unique, 1, {1, 1, 0, 0}, 1, false},
        GroupCase{"missing", GroupingKind::unique, 1, {0, 0, 0, 0}, FieldColumn::missing, false},
        GroupCase{"below", GroupingKind::max_per, 2, {1, 0, 0, 0}, 0, true},
        GroupCase{"full", GroupingKind::max_per, 2, {2, 0, 0, 0}, 0, false},
        GroupCase{"first", GroupingKind::cluster, 0, {0, 0, 0, 0}, 1, true},
        GroupCase{"same", GroupingKind::cluster, 0, {2, 0, 0, 0}, 0, true},
        GroupCase{"other", GroupingKind::cluster, 0, {2, 0, 0, 0}, 1, false},
        GroupCase{"only one group", GroupingKind::group_by, 2, {1, 0, 0, 0}, 0, false},
        GroupCase{"new group", GroupingKind::group_by, 2, {1, 0, 0, 0}, 1, true},
        GroupCase{"smallest", GroupingKind::group_by, 2, {1, 2, 0, 0}, 0, true},
        GroupCase{"not smallest", GroupingKind::group_by, 2, {1, 2, 0, 0}, 1, false},
        GroupCase{"group of none", GroupingKind::group_by, 0, {2, 2, 0, 1}, 0, false}));

TEST(Constraints, TellWhichCannotBeJudged) {
    const ClusterFacts facts = read_facts({R"({"slaves":[]})"});
    FieldColumns columns(facts.cluster);
    for (const MarathonConstraint& constraint : {MarathonConstraint{"x", "LIKE", "("},
                                                 MarathonConstraint{"x", "EQUALS", "a"},
                                                 MarathonConstraint{"x", "MAX_PER", {}},
                                                 MarathonConstraint{"x", "GROUP_BY", "a"}}) {
        EXPECT_NE(compile_constraints({&constraint, 1}, columns).unsupported, "");
    }
}

}  // namespace
}  // namespace caretaker
