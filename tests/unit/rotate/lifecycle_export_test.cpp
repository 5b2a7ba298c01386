// SPDX-License-Identifier: Apache-2.0
// Action files as policies, and what policies cannot say.
#include "jobs/rotate/lifecycle_export_model.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <optional>
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

}  // namespace
}  // namespace caretaker
