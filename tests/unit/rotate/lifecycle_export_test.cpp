// SPDX-License-Identifier: Apache-2.0
// Action files as policies, and what policies cannot say.
#include "jobs/rotate/lifecycle_export_model.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>

namespace caretaker {
namespace {

std::deque<ActionSpec> read(const std::string& text) {
    ActionFile file = read_action_file(
        text, "f.yml", [](std::string_view) -> std::optional<std::string> { return std::nullopt; });
    EXPECT_TRUE(file.problems.empty());
    return {file.actions.begin(), file.actions.end()};
}

constexpr const char* file = R"(actions:
  1: {action: rollover, options: {name: logs, conditions: {max_age: 7d, max_docs: 1000}}}
  2:
    action: forcemerge
    options: {max_num_segments: 1}
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: creation_date, direction: older, unit: days, unit_count: 2}
  3:
    action: close
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: creation_date, direction: older, unit: hours, unit_count: 90}
  4:
    action: delete_indices
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: name, timestring: '%Y', direction: older, unit: months, unit_count: 1}
  5:
    action: delete_indices
    filters: [{filtertype: pattern, kind: prefix, value: x}, {filtertype: space, disk_space: 5}]
  6: {action: delete_indices, filters: [{filtertype: none}]}
  7: {action: alias, options: {name: a}, add: {filters: [{filtertype: none}]}}
)";

TEST(LifecycleExport, WritesAnIlmPolicy) {
    const PolicyExport result = export_policies(read(file), PolicyKind::ilm);
    ASSERT_EQ(result.policies.size(), 1U);
    EXPECT_EQ(result.policies[0].index_pattern, "logs-*");
    EXPECT_EQ(result.policies[0].body,
              R"({"policy":{"phases":{"hot":{"min_age":"0ms","actions":{"rollover":)"
              R"({"max_age":"7d","max_docs":1000}}},"warm":{"min_age":"2d","actions":)"
              R"({"forcemerge":{"max_num_segments":1}}},"delete":{"min_age":"30d","actions":)"
              R"({"delete":{}}}}}})");
    std::string left_out;
    for (const LeftOutOfPolicy& one : result.left_out) {
        left_out += one.action + ": " + one.reason + "\n";
    }
    EXPECT_EQ(left_out,
              "action 3 (close): ILM neither closes nor opens indices\n"
              "action 5 (delete_indices): a policy cannot say: beyond 5 GiB in all\n"
              "action 6 (delete_indices): no filter names a prefix, so the policy would be for "
              "every index\n"
              "action 7 (alias): an alias that moves over many indices is no matter of one index's "
              "life\n");
}

TEST(LifecycleExport, WritesAnIsmPolicy) {
    const PolicyExport result = export_policies(read(file), PolicyKind::ism);
    ASSERT_EQ(result.policies.size(), 1U);
    EXPECT_EQ(result.policies[0].body,
              R"({"policy":{"description":"From an action file, for logs-*","default_state":"new",)"
              R"("states":[{"name":"new","actions":[{"rollover":{"min_index_age":"7d",)"
              R"("min_doc_count":1000}}],"transitions":[{"state_name":"step_1","conditions":)"
              R"({"min_index_age":"2d"}}]},{"name":"step_1","actions":[{"force_merge":)"
              R"({"max_num_segments":1}}],"transitions":[{"state_name":"step_2","conditions":)"
              R"({"min_index_age":"90h"}}]},{"name":"step_2","actions":[{"close":{}}],)"
              R"("transitions":[{"state_name":"step_3","conditions":{"min_index_age":"30d"}}]},)"
              R"({"name":"step_3","actions":[{"delete":{}}],"transitions":[]}],)"
              R"("ism_template":[{"index_patterns":["logs-*"],"priority":1}]}})");
    EXPECT_EQ(result.left_out.size(), 3U);
}

TEST(LifecycleExport, IsOneJsonDocument) {
    const auto result = export_policies(read(file), PolicyKind::ilm);
    const auto json = testing::parse_json(format_export(result, PolicyKind::ilm));
    EXPECT_EQ(testing::json_text(json, "to"), "ilm");
    EXPECT_EQ(testing::json_at(json, "policies").Size(), 1U);
    EXPECT_EQ(testing::json_at(json, "left_out").Size(), 4U);
}

TEST(LifecycleExport, SaysWhenAPhaseIsTaken) {
    const auto result = export_policies(read(R"(actions:
  1:
    action: replicas
    options: {count: 0}
    filters: [{filtertype: pattern, kind: prefix, value: a}]
  2:
    action: allocation
    options: {key: box, value: warm}
    filters: [{filtertype: pattern, kind: prefix, value: a}]
  3:
    action: forcemerge
    options: {max_num_segments: 1}
    filters:
    - {filtertype: pattern, kind: prefix, value: a}
    - {filtertype: age, source: creation_date, direction: older, unit: days, unit_count: 2}
)"),
                                        PolicyKind::ilm);
    ASSERT_EQ(result.left_out.size(), 2U);
    EXPECT_EQ(result.left_out[0].reason, "the phase has such an action already");
    EXPECT_EQ(result.left_out[1].reason, "the phase warm begins at the age of another action");
}

struct Unsaid {
    const char* name = "";
    const char* action = "";  // in flow style, without its prefix and age
    const char* options = "";
    const char* filter = "";
    const char* reason = "";  // empty: it can be said

    friend void PrintTo(const Unsaid& unsaid, std::ostream* out) { *out << unsaid.name; }
};

class LifecycleExportOf : public ::testing::TestWithParam<Unsaid> {};

TEST_P(LifecycleExportOf, SaysAllOfAnActionOrLeavesItOut) {
    const Unsaid& one = GetParam();
    const std::string text = fmt::format(
        "actions: {{1: {{action: {}, options: {{{}}}, filters: [{{filtertype: pattern, kind: "
        "prefix, value: a-}}, {}]}}}}\n",
        one.action,
        one.options,
        one.filter);
    const auto result = export_policies(read(text), PolicyKind::ism);
    const std::string reason = one.reason;
    if (reason.empty()) {
        EXPECT_EQ(result.policies.size(), 1U);
        EXPECT_TRUE(result.left_out.empty());
    } else {
        EXPECT_TRUE(result.policies.empty());
        ASSERT_EQ(result.left_out.size(), 1U);
        EXPECT_EQ(result.left_out[0].reason, "a policy cannot say: " + reason);
    }
}

constexpr const char* any = "{filtertype: none}";
constexpr const char* merge = "max_num_segments: 1";

INSTANTIATE_TEST_SUITE_P(
    One,
    LifecycleExportOf,
    ::testing::Values(
        Unsaid{"DeleteOfTheClosed", "delete_indices", "", "{filtertype: opened}", "not open"},
        Unsaid{"DeleteOfTheOpen", "delete_indices", "", "{filtertype: closed}", "not closed"},
        Unsaid{"CloseOfTheOpen", "close", "", "{filtertype: closed}", ""},
        Unsaid{"CloseOfThoseOpened", "close", "", "{filtertype: opened, exclude: false}", ""},
        Unsaid{"CloseOfTheClosed", "close", "", "{filtertype: opened}", "not open"},
        Unsaid{"OpenOfTheClosed", "open", "", "{filtertype: opened}", ""},
        Unsaid{"OpenOfTheOpen", "open", "", "{filtertype: closed}", "not closed"},
        Unsaid{"MergeOfTheUnmerged",
               "forcemerge",
               merge,
               "{filtertype: forcemerged, max_num_segments: 1}",
               ""},
        Unsaid{"MergeOfTheMerged",
               "forcemerge",
               merge,
               "{filtertype: forcemerged, max_num_segments: 1, exclude: false}",
               "merged to 1 segments a shard"},
        Unsaid{"DeleteOfTheUnmerged",
               "delete_indices",
               "",
               "{filtertype: forcemerged, max_num_segments: 1}",
               "not merged to 1 segments a shard"},
        Unsaid{"DeleteOfTheUnmanaged", "delete_indices", "", "{filtertype: ilm}", ""},
        Unsaid{"DeleteOfTheManaged",
               "delete_indices",
               "allow_ilm_indices: true",
               "{filtertype: ilm, exclude: false}",
               "managed by a lifecycle policy"},
        Unsaid{"DeleteOfOthersThanKibana", "delete_indices", "", "{filtertype: kibana}", ""},
        Unsaid{"DeleteOfKibana",
               "delete_indices",
               "",
               "{filtertype: kibana, exclude: false}",
               "one of Kibana's own"},
        Unsaid{"AllThatIsSearched", "delete_indices", "search_pattern: 'a-*'", any, ""},
        Unsaid{"PartOfThePattern",
               "delete_indices",
               "search_pattern: 'a-test-*'",
               any,
               "the search_pattern a-test-*"},
        Unsaid{"CloseWithAliases", "close", "delete_aliases: true", any, "delete_aliases"},
        Unsaid{"CloseWithoutFlush", "close", "skip_flush: true", any, ""}),
    [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(LifecycleExport, LeavesOutARolloverThatAPolicyDoesNotDo) {
    const auto result = export_policies(read(R"(actions:
  1: {action: rollover, options: {name: a, conditions: {}}}
  2: {action: rollover, options: {name: b, conditions: {max_age: 1d}, new_index: 'b-%Y'}}
  3: {action: rollover, options: {name: c, conditions: {max_age: 1d}, extra_settings: {x: 1}}}
  4: {action: rollover, options: {name: d, conditions: {max_age: 1d}, wait_for_active_shards: all}}
)"),
                                        PolicyKind::ilm);
    EXPECT_TRUE(result.policies.empty());
    std::string reasons;
    for (const LeftOutOfPolicy& one : result.left_out) {
        reasons += one.reason + "\n";
    }
    EXPECT_EQ(reasons,
              "a policy cannot say: a rollover without conditions, at every run\n"
              "a policy cannot say: new_index\n"
              "a policy cannot say: extra_settings\n"
              "a policy cannot say: wait_for_active_shards\n");
}

constexpr const char* overlapping = R"(actions:
  1:
    action: delete_indices
    filters:
    - {filtertype: pattern, kind: prefix, value: a}
    - {filtertype: age, source: creation_date, direction: older, unit: days, unit_count: 30}
  2:
    action: close
    filters:
    - {filtertype: pattern, kind: prefix, value: a-}
    - {filtertype: age, source: creation_date, direction: older, unit: days, unit_count: 3}
  3:
    action: delete_indices
    filters:
    - {filtertype: pattern, kind: prefix, value: a-x-}
    - {filtertype: age, source: creation_date, direction: older, unit: days, unit_count: 7}
  4: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: b}]}
)";

TEST(LifecycleExport, SaysOfALongerPrefixWhatShorterOnesAskForToo) {
    const auto result = export_policies(read(overlapping), PolicyKind::ism);
    ASSERT_EQ(result.policies.size(), 4U);
    const auto body = [&](std::size_t number) { return result.policies[number].body; };
    const auto has = [](const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    };
    EXPECT_EQ(result.policies[0].index_pattern, "a*");
    EXPECT_FALSE(has(body(0), "close"));
    EXPECT_TRUE(has(body(0), R"("priority":1)"));
    EXPECT_EQ(result.policies[1].index_pattern, "a-*");
    EXPECT_TRUE(has(body(1), "close"));
    EXPECT_TRUE(has(body(1), R"({"delete":{}})"));
    EXPECT_TRUE(has(body(1), R"("min_index_age":"30d")"));
    EXPECT_TRUE(has(body(1), R"("priority":2)"));
    EXPECT_EQ(result.policies[2].index_pattern, "a-x-*");
    EXPECT_TRUE(has(body(2), "close"));
    EXPECT_TRUE(has(body(2), R"("min_index_age":"7d")"));
    EXPECT_FALSE(has(body(2), R"("min_index_age":"30d")"));
    EXPECT_TRUE(has(body(2), R"("priority":3)"));
    EXPECT_EQ(result.policies[3].index_pattern, "b*");
    EXPECT_TRUE(has(body(3), R"("priority":1)"));
}

TEST(LifecycleExport, LeavesNothingOutOfOverlappingPrefixes) {
    const auto result = export_policies(read(overlapping), PolicyKind::ilm);
    ASSERT_EQ(result.left_out.size(), 1U);
    EXPECT_EQ(result.left_out[0].action, "action 2 (close)");
    ASSERT_EQ(result.policies.size(), 3U);
    EXPECT_EQ(result.policies[1].index_pattern, "a-x-*");
    EXPECT_NE(result.policies[1].body.find(R"("delete":{"min_age":"7d")"), std::string::npos);
}

}  // namespace
}  // namespace caretaker
