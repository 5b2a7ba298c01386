// SPDX-License-Identifier: Apache-2.0
// `caretaker rotate` against real servers: what makes indices out of others, and what a running
// snapshot holds up.
#include "tests/engines/rotate_search_fixture.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Words = std::vector<std::string>;

class RotateCopiesSearch : public RotateSearchFixture {
 protected:
    void take_snapshot(const std::string& name, const std::string& indices) {
        server().request(
            HttpMethod::put,
            fmt::format("/_snapshot/repo/{}?wait_for_completion=true", name),
            fmt::format(R"({{"indices":"{}","include_global_state":false}})", indices));
    }

    [[nodiscard]] static bool has_reindex() { return server().distribution().has_reindex; }
};

/// Servers show what an index was made without as null.
bool is_unset(const rapidjson::Value& settings, const char* name) {
    return !settings.HasMember(name) || settings[name].IsNull();
}

TEST_P(RotateCopiesSearch, RestoreIndicesUnderOtherNames) {
    server().create("logs-1", 3);
    server().create("logs-2", 2);
    server().create("other", 1);
    add_repository("repo");
    take_snapshot("one", "logs-1,logs-2,other");
    const std::string actions = R"(actions:
  1:
    action: restore
    options:
      repository: repo
      indices: ['logs-*']
      rename_pattern: 'logs-(.+)'
      rename_replacement: 'again-$1'
      wait_interval: 1
      max_wait: 60
      extra_settings: {index_settings: {index.number_of_replicas: 0}}
    filters: [{filtertype: state, state: SUCCESS}]
)";
    const Rotation rotation = rotate(actions);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (Words{"restore_index again-1 done", "restore_index again-2 done"}));
    EXPECT_EQ(count_documents("again-1"), 3);
    EXPECT_FALSE(server().has("again-other"));
    const Rotation twice = rotate(actions);
    EXPECT_EQ(twice.exit_code, 1) << twice.err;
    EXPECT_NE(twice.out.find("there is an open index again-1"), std::string::npos);
    server().request(HttpMethod::del, "/_snapshot/repo/one");
}

TEST_P(RotateCopiesSearch, RestoresOverAClosedIndex) {
    server().create("logs-1", 3);
    add_repository("repo");
    take_snapshot("one", "logs-1");
    server().request(HttpMethod::post, "/logs-1/_close");
    const Rotation rotation = rotate(R"(actions:
  1:
    action: restore
    options: {repository: repo, wait_interval: 1, max_wait: 60}
    filters: [{filtertype: none}]
)");
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_NE(rotation.out.find("over the closed index"), std::string::npos);
    EXPECT_EQ(count_documents("logs-1"), 3);
    server().request(HttpMethod::del, "/_snapshot/repo/one");
}

TEST_P(RotateCopiesSearch, ShrinkAnIndexAndMoveItsAlias) {
    server().request(HttpMethod::put,
                     "/big",
                     R"({"settings":{"index.number_of_shards":4,"index.number_of_replicas":0}})");
    server().request(
        HttpMethod::post, "/_aliases", R"({"actions":[{"add":{"index":"big","alias":"all"}}]})");
    const Rotation rotation = rotate(R"(actions:
  1:
    action: shrink
    options:
      shrink_node: DETERMINISTIC
      node_filters: {permit_masters: true}
      number_of_shards: 2
      number_of_replicas: 0
      copy_aliases: true
      wait_interval: 1
      max_wait: 60
    filters: [{filtertype: none}]
)");
    if (is_before(5)) {
        EXPECT_EQ(rotation.exit_code, 1);
        EXPECT_NE(rotation.out.find("has no shrink"), std::string::npos);
        return;
    }
    EXPECT_EQ(rotation.exit_code, 0) << rotation.out << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"shrink big done"});
    EXPECT_FALSE(server().has("big"));
    const auto settings =
        server().request(HttpMethod::get, "/big-shrink/_settings?flat_settings=true");
    const auto& values = settings["big-shrink"]["settings"];
    EXPECT_EQ(json_text(values, "index.number_of_shards"), "2");
    EXPECT_TRUE(is_unset(values, "index.blocks.write"));
    EXPECT_TRUE(is_unset(values, "index.routing.allocation.require._name"));
    EXPECT_TRUE(server().request(HttpMethod::get, "/_alias/all").HasMember("big-shrink"));
}

TEST_P(RotateCopiesSearch, LeaveTheSourceUsableWhenShrinkingFails) {
    if (is_before(5)) {
        GTEST_SKIP() << "this version cannot shrink";
    }
    server().request(HttpMethod::put,
                     "/big",
                     R"({"settings":{"index.number_of_shards":4,"index.number_of_replicas":0}})");
    const Rotation rotation = rotate(R"(actions:
  1:
    action: shrink
    options:
      shrink_node: n1
      node_filters: {permit_masters: true}
      number_of_replicas: 0
      extra_settings: {settings: {index.no_such_setting: 1}}
    filters: [{filtertype: none}]
)");
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_FALSE(server().has("big-shrink"));
    const auto settings = server().request(HttpMethod::get, "/big/_settings?flat_settings=true");
    const auto& values = settings["big"]["settings"];
    EXPECT_TRUE(is_unset(values, "index.blocks.write"));
    EXPECT_TRUE(is_unset(values, "index.routing.allocation.require._name"));
}

TEST_P(RotateCopiesSearch, ReindexHereAndFromAnotherCluster) {
    server().create("a-1", 3);
    server().create("a-2", 2);
    const std::string here = R"(actions:
  1:
    action: reindex
    options:
      request_body: {source: {index: REINDEX_SELECTION}, dest: {index: all}}
      wait_interval: 1
      max_wait: 60
    filters: [{filtertype: pattern, kind: prefix, value: a-}]
  2:
    action: reindex
    options:
      request_body: {source: {index: REINDEX_SELECTION}, dest: {index: MIGRATION}}
      migration_suffix: -copy
      wait_interval: 1
      max_wait: 60
    filters: [{filtertype: pattern, kind: prefix, value: a-}]
)";
    const Rotation rotation = rotate(here);
    if (!has_reindex()) {
        EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
        return;
    }
    EXPECT_EQ(rotation.exit_code, 0) << rotation.out << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (Words{"reindex all done", "reindex a-1-copy done", "reindex a-2-copy done"}));
    EXPECT_EQ(count_documents("a-1-copy"), 3);
    if (is_before(5)) {
        return;  // no reindex from another cluster
    }
    const Rotation remote = rotate(fmt::format(R"(actions:
  1:
    action: reindex
    options:
      request_body: {{source: {{remote: {{host: '{}'}}, index: REINDEX_SELECTION}}, dest: {{index: far}}}}
      remote_filters: [{{filtertype: pattern, kind: regex, value: '^a-1$'}}]
      wait_interval: 1
      max_wait: 60
    filters: [{{filtertype: none}}]
)",
                                               server().url()));
    EXPECT_EQ(remote.exit_code, 0) << remote.out << remote.err;
    EXPECT_EQ(count_documents("far"), 3);
}

TEST_P(RotateCopiesSearch, SayWhyAnotherClusterIsRefused) {
    if (is_before(5) || !has_reindex()) {
        GTEST_SKIP() << "this version has no reindex from another cluster";
    }
    server().create("a", 1);
    const Rotation rotation = rotate(R"(actions:
  1:
    action: reindex
    options: {request_body: {source: {remote: {host: 'http://192.0.2.1:9200'}, index: a}, dest: {index: b}}}
    filters: [{filtertype: none}]
)");
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_NE(rotation.out.find("add the host to that setting"), std::string::npos) << rotation.out;
}

TEST_P(RotateCopiesSearch, DeleteTheOthersWhileASnapshotHoldsOne) {
    if (is_before(5)) {
        GTEST_SKIP() << "this version deletes the index and lets the snapshot fail";
    }
    server().create("held", 200);
    server().create("free");
    server().request(HttpMethod::put,
                     "/_snapshot/slow",
                     fmt::format(R"({{"type":"fs","settings":{{"location":"{}/slow",)"
                                 R"("max_snapshot_bytes_per_sec":"1kb"}}}})",
                                 server().repository_folder()));
    server().request(HttpMethod::put,
                     "/_snapshot/slow/s?wait_for_completion=false",
                     R"({"indices":"held","include_global_state":false})");
    const std::string actions =
        "actions: {1: {action: delete_indices, filters: [{filtertype: none}]}}\n";
    const Rotation rotation = rotate(actions);
    EXPECT_FALSE(server().has("free"));
    if (server().has("held")) {
        EXPECT_EQ(rotation.exit_code, 3) << rotation.err;
        EXPECT_NE(rotation.out.find("being snapshotted"), std::string::npos) << rotation.out;
    } else {
        EXPECT_EQ(rotation.exit_code, 0);  // it had ended by then
    }
    server().request(HttpMethod::del, "/_snapshot/slow/s");
    server().request(HttpMethod::del, "/_snapshot/slow");
}

CARETAKER_FOR_EACH_ENGINE(RotateCopiesSearch);

}  // namespace
}  // namespace caretaker::testing
