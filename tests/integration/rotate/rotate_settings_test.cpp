// SPDX-License-Identifier: Apache-2.0
// What the section `rotate` of the settings asks of deletions, and whose indices are left alone.
#include "tests/integration/rotate/troubled_search.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Words = std::vector<std::string>;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t gib = std::int64_t{1} << 30U;

constexpr const char* delete_logs = R"(actions:
  1:
    action: delete_indices
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: name, direction: older, timestring: '%Y.%m.%d', unit: days, unit_count: 30}
)";

void add_logs(TroubledSearch& search, std::int64_t bytes = 0) {
    for (const char* name : {"logs-2020.01.01", "logs-2020.01.02", "logs-2020.01.03"}) {
        sandbox::FakeIndex& index = search.state().add(name);
        index.created_ms = 1'577'836'800'000;  // 2020-01-01
        index.bytes = bytes;
    }
}

TEST(RotateSettings, DeleteOnlyWhatASnapshotHolds) {
    TroubledSearch search;
    add_logs(search);
    search.set_variable("CARETAKER_ROTATE_REQUIRE_SNAPSHOT", "backup");
    auto& backup = search.state().repositories["backup"];
    backup["late"] = {.indices = {"logs-2020.01.01"}, .started_ms = search.state().now_ms};
    backup["early"] = {.indices = {"logs-2020.01.02"}, .started_ms = 1'577'836'800'000 + day_ms};
    backup["half"] = {.indices = {"logs-2020.01.03"},
                      .started_ms = search.state().now_ms,
                      .state = "PARTIAL",
                      .failed = {"logs-2020.01.03"}};
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(), Words{"delete_index logs-2020.01.01 done"});
    EXPECT_NE(rotation.out.find("the snapshot backup/early began before the time in its name was "
                                "over"),
              std::string::npos);
    EXPECT_NE(rotation.out.find("no snapshot holds it whole"), std::string::npos);
}

TEST(RotateSettings, EndWhereTheRequiredRepositoryIsMissing) {
    TroubledSearch search;
    add_logs(search);
    search.set_variable("CARETAKER_ROTATE_REQUIRE_SNAPSHOT", "nowhere");
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 2) << rotation.err;
    EXPECT_NE(rotation.out.find("the repository nowhere"), std::string::npos);
    EXPECT_EQ(search.state().indices.size(), 3U);
}

TEST(RotateSettings, DeleteTheOldestUntilEveryDiskHasRoom) {
    TroubledSearch search;
    search.state().nodes = {{.name = "n1", .total_bytes = 100 * gib, .other_bytes = 75 * gib}};
    add_logs(search, 10 * gib);  // 105 of 100 GiB: two of them bring it to 85
    search.set_variable("CARETAKER_ROTATE_DELETE_UNTIL", "low");
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (Words{"delete_index logs-2020.01.01 done", "delete_index logs-2020.01.02 done"}));
    const Rotation again = search.rotate(delete_logs);
    EXPECT_TRUE(again.actions().empty());
    EXPECT_NE(again.out.find("no disk is beyond its limit"), std::string::npos);
}

TEST(RotateSettings, SayWhenDeletingIsNotEnough) {
    TroubledSearch search;
    search.state().nodes = {{.name = "n1", .total_bytes = 100 * gib, .other_bytes = 95 * gib}};
    add_logs(search, gib);
    search.set_variable("CARETAKER_ROTATE_DELETE_UNTIL", "80%");
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.actions().size(), 3U);
    EXPECT_NE(rotation.err.find("n1 by 15 GiB"), std::string::npos) << rotation.err;
}

TEST(RotateSettings, RefuseALimitThatIsNone) {
    for (const char* word : {"lower", "120%", "flood_stage"}) {
        TroubledSearch search("elasticsearch-2.4.6");  // which has no flood stage
        add_logs(search);
        search.set_variable("CARETAKER_ROTATE_DELETE_UNTIL", word);
        const Rotation rotation = search.rotate(delete_logs);
        EXPECT_EQ(rotation.exit_code, 2) << word << rotation.err;
        EXPECT_EQ(search.state().indices.size(), 3U);
    }
}

TEST(RotateSettings, ChangeInBatches) {
    TroubledSearch search;
    add_logs(search);
    search.set_variable("CARETAKER_ROTATE_BATCH_SIZE", "2");
    search.set_variable("CARETAKER_ROTATE_BATCH_PAUSE", "10ms");
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(search.count(HttpMethod::del), 2U);
}

TEST(RotateSettings, WaitForASnapshotThatHoldsAnIndex) {
    for (const char* version : {"elasticsearch-5.6.16", "opensearch-2.19.3"}) {
        TroubledSearch search(version);
        add_logs(search);
        search.state().repositories["backup"]["running"] = {
            .indices = {"logs-2020.01.01"}, .state = "IN_PROGRESS", .polls_left = 2};
        search.set_variable("CARETAKER_ROTATE_SNAPSHOT_WAIT", "1m");
        const Rotation rotation = search.rotate(delete_logs);
        EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
        EXPECT_TRUE(search.state().indices.empty());
    }
}

TEST(RotateSettings, WithoutAWaitDeleteTheOthersWhileASnapshotRuns) {
    TroubledSearch search;
    add_logs(search);
    search.state().repositories["backup"]["running"] = {.indices = {"logs-2020.01.02"},
                                                        .state = "IN_PROGRESS"};
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 3) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (Words{"delete_index logs-2020.01.01 done",
                     "delete_index logs-2020.01.02 failed",
                     "delete_index logs-2020.01.03 done"}));
    EXPECT_NE(rotation.out.find("being snapshotted"), std::string::npos);
}

TEST(RotateManaged, IndicesOfIsmAndOfStreamLifecyclesAreNamedAndLeftAlone) {
    TroubledSearch search;
    add_logs(search);
    search.state().has_state_management = true;
    search.state().managed["logs-2020.01.02"] = "hot";
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions().size(), 2U);
    EXPECT_NE(rotation.out.find("ISM policy hot, and no allow_ilm_indices"), std::string::npos);

    TroubledSearch streams("elasticsearch-9.2.0");
    for (const char* name : {".ds-a-000001", ".ds-a-000002", ".ds-b-000001", ".ds-b-000002"}) {
        streams.state().add(name);
    }
    streams.state().streams = {{"a", {".ds-a-000001", ".ds-a-000002"}},
                               {"b", {".ds-b-000001", ".ds-b-000002"}}};
    streams.state().stream_lifecycles["a"] = true;
    const Rotation of_streams = streams.rotate(
        "actions: {1: {action: delete_indices, options: {search_pattern: '.ds-*'}, filters: "
        "[{filtertype: none}]}}\n");
    EXPECT_EQ(of_streams.actions(), Words{"delete_index .ds-b-000001 done"});
    EXPECT_NE(of_streams.out.find("lifecycle of the data stream a"), std::string::npos);
}

TEST(RotateManaged, IsNoMatterWhereItMayNotBeRead) {
    TroubledSearch search;
    add_logs(search);
    search.interfere(
        [](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
            return request.url.find("_ism") == std::string::npos
                       ? std::nullopt
                       : std::optional(ServedAnswer{.status = 403, .body = "{}"});
        });
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_NE(rotation.err.find("which indices ISM manages may not be read"), std::string::npos);
}

TEST(RotateMembers, OfAnotherClusterAreRefused) {
    TroubledSearch search;
    add_logs(search);
    TroubledSearch other;
    other.state().cluster_uuid = "BBBBBBBBBBBBBBBBBBBBBB";
    const Rotation rotation =
        search.rotate(delete_logs, {"--yes", "--es-url", "http://" + other.address()});
    EXPECT_EQ(rotation.exit_code, 2) << rotation.err;
    EXPECT_NE(rotation.out.find("are of different clusters"), std::string::npos);
    EXPECT_EQ(search.state().indices.size(), 3U);
}

TEST(RotateMembers, ThatDoNotAnswerAreLeftOut) {
    TroubledSearch search;
    add_logs(search);
    const Rotation rotation =
        search.rotate(delete_logs, {"--yes", "--es-url", "http://127.0.0.1:1"});
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_NE(rotation.err.find("http://127.0.0.1:1 is left out"), std::string::npos);
    EXPECT_TRUE(search.state().indices.empty());
}

}  // namespace
}  // namespace caretaker::testing
