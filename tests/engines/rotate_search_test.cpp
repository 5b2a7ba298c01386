// SPDX-License-Identifier: Apache-2.0
// `caretaker rotate` against real servers: what its actions leave behind.
#include "tests/engines/rotate_search_fixture.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace caretaker::testing {

namespace {

class RotateSearch : public RotateSearchFixture {};

constexpr const char* delete_old = R"(actions:
  1:
    action: delete_indices
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: name, direction: older, timestring: '%Y.%m.%d', unit: days, unit_count: 30}
)";

TEST_P(RotateSearch, DeletesOldIndicesAndNothingElse) {
    for (const char* index : {"logs-2020.01.01", "logs-2020.01.02", "logs-2999.01.01", "other"}) {
        server().create(index, 1);
    }
    const Rotation plan = rotate(delete_old, {"--dry-run"});
    EXPECT_EQ(plan.exit_code, 0) << plan.err;
    EXPECT_EQ(plan.actions(),
              (std::vector<std::string>{"delete_index logs-2020.01.01 would",
                                        "delete_index logs-2020.01.02 would"}));
    EXPECT_TRUE(server().has("logs-2020.01.01"));
    const Rotation rotation = rotate(delete_old);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (std::vector<std::string>{"delete_index logs-2020.01.01 done",
                                        "delete_index logs-2020.01.02 done"}));
    EXPECT_FALSE(server().has("logs-2020.01.01"));
    EXPECT_FALSE(server().has("logs-2020.01.02"));
    EXPECT_TRUE(server().has("logs-2999.01.01"));
    EXPECT_TRUE(server().has("other"));
    const Rotation again = rotate(delete_old);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_TRUE(again.actions().empty());
}

TEST_P(RotateSearch, DeletesTheOthersWhenOneIsBlocked) {
    for (int i = 1; i <= 3; ++i) {
        server().create(fmt::format("logs-2020.01.0{}", i));
    }
    server().request(
        HttpMethod::put, "/logs-2020.01.02/_settings", R"({"index.blocks.read_only":true})");
    const Rotation rotation = rotate(delete_old);
    EXPECT_EQ(rotation.exit_code, 3) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (std::vector<std::string>{"delete_index logs-2020.01.01 done",
                                        "delete_index logs-2020.01.02 failed",
                                        "delete_index logs-2020.01.03 done"}));
    EXPECT_FALSE(server().has("logs-2020.01.03"));
    EXPECT_NE(rotation.out.find("read-only"), std::string::npos);
    server().request(
        HttpMethod::put, "/logs-2020.01.02/_settings", R"({"index.blocks.read_only":false})");
}

TEST_P(RotateSearch, DeletesManyByFewRequests) {
    constexpr int many = 150;
    for (int i = 0; i < many; ++i) {
        server().create(fmt::format("logs-application-with-a-long-name-{:03}-2020.01.01", i));
    }
    const Rotation rotation = rotate(delete_old, {"--yes"});
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions().size(), static_cast<std::size_t>(many));
    for (const auto& metric : json_at(rotation.json, "metrics").GetArray()) {
        if (json_text(metric, "name") == "http.requests") {
            const int reads = is_opensearch() ? 6 : 5;               // one asks ISM
            EXPECT_LE(json_number(metric, "value"), reads + 2 + 1);  // chunks, the second look
        }
    }
    EXPECT_FALSE(server().has("logs-application-with-a-long-name-149-2020.01.01"));
}

TEST_P(RotateSearch, ClosesOpensAndSwapsAnAlias) {
    for (const char* index : {"a-2020.01.01", "a-2020.01.02", "a-2999.01.01"}) {
        server().create(index, 1);
    }
    server().request(HttpMethod::post,
                     "/_aliases",
                     R"({"actions":[{"add":{"index":"a-2020.01.01","alias":"now"}}]})");
    const Rotation rotation = rotate(R"(actions:
  1:
    action: close
    filters: [{filtertype: pattern, kind: prefix, value: a-2020}]
  2:
    action: open
    filters: [{filtertype: opened}, {filtertype: pattern, kind: suffix, value: '.02'}]
  3:
    action: alias
    options: {name: now}
    add: {filters: [{filtertype: pattern, kind: prefix, value: a-2999}]}
    remove: {filters: [{filtertype: pattern, kind: prefix, value: a-}]}
)");
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (std::vector<std::string>{"close_index a-2020.01.01 done",
                                        "close_index a-2020.01.02 done",
                                        "open_index a-2020.01.02 done",
                                        "remove_alias a-2020.01.01 done",
                                        "add_alias a-2999.01.01 done"}));
    const auto aliases = server().request(HttpMethod::get, "/_alias/now");
    EXPECT_EQ(aliases.MemberCount(), 1U);
    EXPECT_TRUE(aliases.HasMember("a-2999.01.01"));
    const auto rows = server().request(HttpMethod::get, "/_cat/indices?format=json&h=index,status");
    std::map<std::string, std::string> states;
    for (const auto& row : rows.GetArray()) {
        states[json_text(row, "index")] = json_text(row, "status");
    }
    EXPECT_EQ(states["a-2020.01.01"], "close");
    EXPECT_EQ(states["a-2020.01.02"], "open");
}

TEST_P(RotateSearch, ChangesSettingsAndMergesSegments) {
    server().create("a-1", 3);
    const Rotation rotation = rotate(R"(actions:
  1: {action: replicas, options: {count: 1}, filters: [{filtertype: none}]}
  2: {action: allocation, options: {key: box, value: warm}, filters: [{filtertype: none}]}
  3:
    action: index_settings
    options: {index_settings: {index: {refresh_interval: 30s}}}
    filters: [{filtertype: none}]
  4: {action: forcemerge, options: {max_num_segments: 1}, filters: [{filtertype: none}]}
  5: {action: allocation, options: {key: box, value: }, filters: [{filtertype: none}]}
  6: {action: cluster_routing, options: {routing_type: allocation, setting: enable, value: all}}
  7: {action: create_index, options: {name: 'new-%Y', extra_settings: {settings: {number_of_shards: 1}}}}
)");
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    for (const std::string& action : rotation.actions()) {
        EXPECT_TRUE(action.ends_with(" done")) << action;
    }
    const auto settings = server().request(HttpMethod::get, "/a-1/_settings?flat_settings=true");
    const auto& values = settings["a-1"]["settings"];
    EXPECT_EQ(json_text(values, "index.number_of_replicas"), "1");
    EXPECT_EQ(json_text(values, "index.refresh_interval"), "30s");
    const char* box = "index.routing.allocation.require.box";
    EXPECT_TRUE(!values.HasMember(box) || json_text(values, box).empty());  // "" before 5.0
}

TEST_P(RotateSearch, RollsOverWhenItIsTime) {
    if (is_before(5)) {
        GTEST_SKIP() << "this version has no rollover";
    }
    server().create("r-000001", 2);
    server().request(
        HttpMethod::post, "/_aliases", R"({"actions":[{"add":{"index":"r-000001","alias":"r"}}]})");
    const std::string actions =
        "actions: {{1: {{action: rollover, options: {{name: r, conditions: {{max_docs: "
        "{}}}}}}}}}\n";
    const Rotation early = rotate(fmt::format(fmt::runtime(actions), 1000));
    EXPECT_EQ(early.exit_code, 0) << early.err;
    EXPECT_TRUE(early.actions().empty());
    EXPECT_FALSE(server().has("r-000002"));
    const Rotation due = rotate(fmt::format(fmt::runtime(actions), 1));
    EXPECT_EQ(due.exit_code, 0) << due.err;
    EXPECT_EQ(due.actions(), std::vector<std::string>{"rollover r done"});
    EXPECT_TRUE(server().has("r-000002"));
}

TEST_P(RotateSearch, TakesASnapshotAndDeletesItAgain) {
    server().create("s-1", 1);
    add_repository("repo");
    const Rotation taken = rotate(R"(actions:
  1:
    action: snapshot
    options: {repository: repo, name: one, include_global_state: false, wait_interval: 1}
    filters: [{filtertype: none}]
)");
    EXPECT_EQ(taken.exit_code, 0) << taken.err;
    EXPECT_EQ(taken.actions(), std::vector<std::string>{"snapshot repo/one done"});
    EXPECT_EQ(server().status(HttpMethod::get, "/_snapshot/repo/one"), 200);
    const Rotation deleted = rotate(R"(actions:
  1:
    action: delete_snapshots
    options: {repository: repo}
    filters: [{filtertype: state, state: SUCCESS}]
)");
    EXPECT_EQ(deleted.exit_code, 0) << deleted.err;
    EXPECT_EQ(deleted.actions(), std::vector<std::string>{"delete_snapshot repo/one done"});
    EXPECT_EQ(server().status(HttpMethod::get, "/_snapshot/repo/one"), 404);
}

TEST_P(RotateSearch, SparesTheWriteIndex) {
    server().create("w-000001");
    server().create("w-000002");
    server().request(HttpMethod::post,
                     "/_aliases",
                     is_before(7) ? R"({"actions":[{"add":{"index":"w-000002","alias":"w"}}]})"
                                  : R"({"actions":[{"add":{"index":"w-000002","alias":"w",)"
                                    R"("is_write_index":true}}]})");
    const Rotation rotation = rotate(
        "actions: {1: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, "
        "value: w-}]}}\n");
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(), std::vector<std::string>{"delete_index w-000001 done"});
    EXPECT_TRUE(server().has("w-000002"));
    EXPECT_NE(rotation.out.find("alias w"), std::string::npos);
}

TEST_P(RotateSearch, ReadsAgesFromFields) {
    for (const char* index : {"f-old", "f-new", "f-none"}) {
        server().create(index);
    }
    const std::string type = is_before(7) ? "log" : "_doc";
    server().request(HttpMethod::put,
                     fmt::format("/f-old/{}/1?refresh=true", type),
                     R"({"t":"2020-01-01T00:00:00Z"})");
    server().request(HttpMethod::put,
                     fmt::format("/f-new/{}/1?refresh=true", type),
                     R"({"t":"2999-01-01T00:00:00Z"})");
    server().request(HttpMethod::put, fmt::format("/f-none/{}/1?refresh=true", type), R"({"u":1})");
    const Rotation rotation = rotate(R"(actions:
  1:
    action: delete_indices
    filters:
    - {filtertype: age, source: field_stats, field: t, direction: older, unit: days, unit_count: 30}
)");
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(), std::vector<std::string>{"delete_index f-old done"});
}

CARETAKER_FOR_EACH_ENGINE(RotateSearch);

}  // namespace

}  // namespace caretaker::testing
