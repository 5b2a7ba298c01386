// SPDX-License-Identifier: Apache-2.0
// `caretaker rotate` making indices out of others: restore, shrink, reindex, cold2frozen.
#include "tests/integration/rotate/troubled_search.hpp"
#include "tests/sandbox/search_handlers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Words = std::vector<std::string>;

constexpr const char* restore_renamed = R"(actions:
  1:
    action: restore
    options: {repository: backup, rename_pattern: '(.+)', rename_replacement: 'r-$1', wait_interval: 1}
    filters: [{filtertype: state, state: SUCCESS}]
)";

void add_snapshot(TroubledSearch& search) {
    sandbox::FakeIndex kept;
    kept.docs = 7;
    search.state().repositories["backup"]["nightly"] = {
        .indices = {"logs-1", "logs-2"},
        .started_ms = search.state().now_ms,
        .contents = {{"logs-1", kept}, {"logs-2", kept}}};
}

class RotateCopies : public ::testing::TestWithParam<const char*> {};

TEST_P(RotateCopies, RestoreIndicesUnderOtherNames) {
    TroubledSearch search(GetParam());
    add_snapshot(search);
    search.state().slowness = 1;
    const Rotation rotation = search.rotate(restore_renamed);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (Words{"restore_index r-logs-1 done", "restore_index r-logs-2 done"}));
    EXPECT_EQ(search.state().indices.at("r-logs-1").docs, 7);
}

TEST_P(RotateCopies, ReindexByATaskThatIsWatched) {
    TroubledSearch search(GetParam());
    search.state().add("a").docs = 3;
    search.state().add("b").docs = 4;
    search.state().slowness = 1;
    const Rotation rotation = search.rotate(R"(actions:
  1:
    action: reindex
    options: {request_body: {source: {index: REINDEX_SELECTION}, dest: {index: all}}, wait_interval: 1}
    filters: [{filtertype: none}]
)");
    const bool has_reindex = search.state().version.is_at_least(2, 3);
    EXPECT_EQ(rotation.exit_code, has_reindex ? 0 : 1) << rotation.err;
    if (has_reindex) {
        EXPECT_EQ(rotation.actions(), Words{"reindex all done"});
        EXPECT_EQ(search.state().indices.at("all").docs, 7);
    } else {
        EXPECT_NE(rotation.out.find("has no reindex"), std::string::npos);
    }
}

TEST_P(RotateCopies, ShrinkByWayOfOneNode) {
    TroubledSearch search(GetParam());
    sandbox::FakeIndex& index = search.state().add("big");
    index.shards = 4;
    index.docs = 9;
    index.aliases["x"] = {};
    search.state().slowness = 1;
    const Rotation rotation = search.rotate(R"(actions:
  1:
    action: shrink
    options:
      shrink_node: DETERMINISTIC
      node_filters: {permit_masters: true}
      number_of_shards: 2
      number_of_replicas: 0
      copy_aliases: true
      post_allocation: {key: box, value: warm}
      wait_interval: 1
    filters: [{filtertype: none}]
)");
    if (!search.state().version.is_at_least(5)) {
        EXPECT_EQ(rotation.exit_code, 1);
        EXPECT_NE(rotation.out.find("has no shrink"), std::string::npos);
        return;
    }
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"shrink big done"});
    EXPECT_EQ(search.state().indices.count("big"), 0U);
    const sandbox::FakeIndex& made = search.state().indices.at("big-shrink");
    EXPECT_EQ(made.shards, 2);
    EXPECT_EQ(made.docs, 9);
    EXPECT_TRUE(made.aliases.contains("x"));
    EXPECT_EQ(made.settings.at("index.routing.allocation.require.box"), "warm");
    EXPECT_FALSE(made.settings.contains("index.routing.allocation.require._name"));
}

INSTANTIATE_TEST_SUITE_P(Of,
                         RotateCopies,
                         ::testing::Values("elasticsearch-1.7.6",
                                           "elasticsearch-2.4.6",
                                           "elasticsearch-5.6.16",
                                           "elasticsearch-7.17.28",
                                           "elasticsearch-9.2.0",
                                           "opensearch-2.19.3"),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::ranges::replace_if(
                                 name, [](char c) { return c == '.' || c == '-'; }, '_');
                             return name;
                         });

TEST(RotateRestore, SaysWhatIsMissingAfterwards) {
    TroubledSearch search;
    add_snapshot(search);
    search.interfere(
        [](sandbox::SearchState& state, const HttpRequest& request) -> std::optional<ServedAnswer> {
            if (request.url.find("_restore") == std::string::npos) {
                return std::nullopt;
            }
            ServedAnswer answer = sandbox::answer_search(state, request);
            state.indices.erase("r-logs-2");
            return answer;
        });
    const Rotation rotation = search.rotate(restore_renamed);
    EXPECT_EQ(rotation.exit_code, 3) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (Words{"restore_index r-logs-1 done", "restore_index r-logs-2 failed"}));
}

TEST(RotateRestore, GivesUpAfterItsTime) {
    TroubledSearch search;
    add_snapshot(search);
    search.state().slowness = 1000;
    const Rotation rotation = search.rotate(R"(actions:
  1:
    action: restore
    options: {repository: backup, indices: logs-1, wait_interval: 1, max_wait: 0}
    filters: [{filtertype: none}]
)");
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"restore_index logs-1 failed"});
    EXPECT_NE(rotation.out.find("after max_wait"), std::string::npos);
}

TEST(RotateRestore, ChecksTheRepositoryWhereAsked) {
    TroubledSearch search;
    add_snapshot(search);
    search.interfere(
        [](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
            return request.url.find("_verify") == std::string::npos
                       ? std::nullopt
                       : std::optional(ServedAnswer{
                             .status = 500,
                             .body = R"({"error":{"type":"repository_verification_exception",)"
                                     R"("reason":"store location is not accessible"}})"});
        });
    const Rotation rotation = search.rotate(
        "actions: {1: {action: restore, options: {repository: backup, skip_repo_fs_check: false}, "
        "filters: [{filtertype: none}]}}\n");
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_NE(rotation.out.find("repository_verification_exception"), std::string::npos);
    EXPECT_TRUE(search.state().indices.empty());
}

constexpr const char* shrink_big = R"(actions:
  1:
    action: shrink
    options: {shrink_node: n1, node_filters: {permit_masters: true}, number_of_replicas: 0, wait_interval: 1}
    filters: [{filtertype: none}]
)";

constexpr const char* shrink_unwatched = R"(actions:
  1:
    action: shrink
    options:
      shrink_node: DETERMINISTIC
      node_filters: {permit_masters: true}
      number_of_replicas: 0
      copy_aliases: true
      wait_for_completion: false
      wait_interval: 1
      max_wait: 1
    filters: [{filtertype: none}]
)";

TEST(RotateShrink, LeavesTheSourceAsItWasWhenTheServerRefuses) {
    TroubledSearch search;
    sandbox::FakeIndex& index = search.state().add("big");
    index.shards = 2;
    index.settings["index.routing.allocation.require._name"] = "n2";
    search.interfere([](sandbox::SearchState&,
                        const HttpRequest& request) -> std::optional<ServedAnswer> {
        return request.url.find("_shrink") == std::string::npos
                   ? std::nullopt
                   : std::optional(ServedAnswer{
                         .status = 400,
                         .body = R"({"error":{"type":"validation_exception","reason":"full"}})"});
    });
    const Rotation rotation = search.rotate(shrink_big);
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"shrink big failed"});
    const sandbox::FakeIndex& left = search.state().indices.at("big");
    EXPECT_EQ(left.settings.at("index.routing.allocation.require._name"), "n2");
    EXPECT_FALSE(left.settings.contains("index.blocks.write"));
}

TEST(RotateShrink, NeedsACopyOfEachShardOnTheNode) {
    TroubledSearch search;
    search.state().add("big").shards = 2;
    search.interfere([](sandbox::SearchState&,
                        const HttpRequest& request) -> std::optional<ServedAnswer> {
        return request.url.find("_cat/shards") == std::string::npos
                   ? std::nullopt
                   : std::optional(ServedAnswer{
                         .body = R"([{"index":"big","shard":"0","state":"STARTED","node":"n1"},)"
                                 R"({"index":"big","shard":"1","state":"STARTED","node":"n2"}])"});
    });
    const Rotation rotation = search.rotate(shrink_big);
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_NE(rotation.out.find("1 of its 2 shards have no copy on n1"), std::string::npos);
    EXPECT_EQ(search.state().indices.count("big-shrink"), 0U);
}

TEST(RotateShrink, KeepsTheSourceOfATargetThatDoesNotStart) {
    TroubledSearch search;
    search.state().add("big").shards = 2;
    search.state().indices["big"].aliases["x"] = {};
    search.interfere(
        [](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
            return request.url.find("_cat/shards/big-shrink") == std::string::npos
                       ? std::nullopt
                       : std::optional(ServedAnswer{
                             .body = R"([{"index":"big-shrink","shard":"0","state":"UNASSIGNED",)"
                                     R"("node":null}])"});
        });
    const Rotation rotation = search.rotate(shrink_unwatched);
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"shrink big failed"});
    EXPECT_NE(rotation.out.find("not all shards of big-shrink are started"), std::string::npos);
    ASSERT_EQ(search.state().indices.count("big"), 1U);
    EXPECT_TRUE(search.state().indices["big"].aliases.contains("x"));
    EXPECT_FALSE(search.state().indices["big"].settings.contains("index.blocks.write"));
    EXPECT_EQ(search.count(HttpMethod::del), 0U);
}

TEST(RotateShrink, LooksForAnotherNodeWhereThePlannedOneHasFilledUp) {
    TroubledSearch search;
    search.state().add("big").shards = 2;
    search.state().indices["big"].bytes = 1 << 20;
    search.interfere(
        [asked = 0](sandbox::SearchState& state,
                    const HttpRequest& request) mutable -> std::optional<ServedAnswer> {
            if (request.url.starts_with("/_nodes/stats") && ++asked == 2) {
                state.nodes[0].other_bytes = state.nodes[0].total_bytes;
            }
            return std::nullopt;
        });
    const Rotation rotation = search.rotate(shrink_unwatched);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"shrink big done"});
    EXPECT_NE(rotation.out.find("by way of the node n1"), std::string::npos);  // the plan
    const auto requests = search.server().requests();
    EXPECT_TRUE(std::ranges::any_of(requests, [](const HttpRequest& request) {
        return request.body.find(R"("index.routing.allocation.require._name":"n2")") !=
               std::string::npos;
    }));
}

TEST(RotateShrink, ShrinksTheOthersWhereOneCannotBe) {
    TroubledSearch search;
    search.state().add("even").shards = 2;
    search.state().add("taken").shards = 2;
    search.state().add("taken-shrink");
    const Rotation rotation = search.rotate(shrink_big);
    EXPECT_EQ(rotation.exit_code, 3) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"shrink even done"});
    EXPECT_EQ(search.state().indices.count("even-shrink"), 1U);
    EXPECT_NE(rotation.out.find("there is an index taken-shrink already"), std::string::npos);
}

std::string from_remote(const std::string& host, const char* source) {
    return fmt::format(R"(actions:
  1:
    action: reindex
    options:
      request_body: {{source: {{remote: {{host: 'http://{}'}}, index: {}}}, dest: {{index: copy}}}}
      remote_filters: [{{filtertype: pattern, kind: prefix, value: r}}]
      wait_interval: 1
    filters: [{{filtertype: none}}]
)",
                       host,
                       source);
}

TEST(RotateReindex, ChoosesAmongTheIndicesOfAnotherCluster) {
    TroubledSearch remote("elasticsearch-1.7.6");
    remote.state().add("r1");
    remote.state().add("other");
    TroubledSearch search;
    search.state().remotes[remote.address()] = {{"r1", 5}, {"other", 7}};
    const Rotation rotation = search.rotate(from_remote(remote.address(), "REINDEX_SELECTION"));
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"reindex copy done"});
    EXPECT_EQ(search.state().indices.at("copy").docs, 5);
}

TEST(RotateReindex, SaysHowAnotherClusterIsAllowed) {
    TroubledSearch remote;
    remote.state().add("r1");
    TroubledSearch search("elasticsearch-7.17.28");
    search.state().add("here");
    const Rotation rotation = search.rotate(from_remote(remote.address(), "r1"));
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_NE(rotation.out.find("reindex.remote.whitelist; add the host"), std::string::npos)
        << rotation.out;
}

TEST(RotateReindex, TellsWhichDocumentsFailed) {
    TroubledSearch search;
    search.state().add("a").docs = 1;
    search.interfere([](sandbox::SearchState&,
                        const HttpRequest& request) -> std::optional<ServedAnswer> {
        if (request.url.starts_with("/_tasks/")) {
            return ServedAnswer{
                .body = R"({"completed":true,"task":{},"response":{"total":1,"failures":[)"
                        R"({"index":"b","cause":{"type":"mapper_parsing_exception","reason":"no"},)"
                        R"("status":400}]}})"};
        }
        return std::nullopt;
    });
    const Rotation rotation = search.rotate(
        "actions: {1: {action: reindex, options: {request_body: {source: {index: a}, dest: {index: "
        "b}}}, filters: [{filtertype: none}]}}\n");
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_NE(rotation.out.find("1 documents failed, the first: mapper_parsing_exception: no"),
              std::string::npos)
        << rotation.out;
}

TEST(RotateFrozen, MountsInPartMovesTheAliasesAndDeletesTheOther) {
    TroubledSearch search("elasticsearch-8.6.2");
    search.state().repositories["backup"]["s"] = {.indices = {"logs"}};
    sandbox::FakeIndex& index = search.state().add("restored-logs");
    index.settings["index.store.snapshot.repository_name"] = "backup";
    index.settings["index.store.snapshot.snapshot_name"] = "s";
    index.settings["index.store.snapshot.index_name"] = "logs";
    index.aliases["all-logs"] = {};
    const char* actions = "actions: {1: {action: cold2frozen, filters: [{filtertype: none}]}}\n";
    const Rotation rotation = search.rotate(actions);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"cold2frozen restored-logs done"});
    EXPECT_EQ(search.state().indices.count("restored-logs"), 0U);
    const sandbox::FakeIndex& made = search.state().indices.at("partial-restored-logs");
    EXPECT_EQ(made.settings.at("index.store.snapshot.partial"), "true");
    EXPECT_EQ(made.settings.at("index.routing.allocation.include._tier_preference"),
              "data_content");
    EXPECT_TRUE(made.aliases.contains("all-logs"));
    TroubledSearch opensearch;
    opensearch.state().add("a");
    const Rotation lacking = opensearch.rotate(actions);
    EXPECT_EQ(lacking.exit_code, 1);
    EXPECT_NE(lacking.out.find("has no cold2frozen"), std::string::npos);
}

}  // namespace
}  // namespace caretaker::testing
