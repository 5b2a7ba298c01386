// SPDX-License-Identifier: Apache-2.0
// `caretaker rotate` against real servers: blocks, hidden and closed indices, data streams.
#include "tests/engines/rotate_search_fixture.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Words = std::vector<std::string>;

class RotateTrapsSearch : public RotateSearchFixture {
 protected:
    /// Elasticsearch 7.7 and OpenSearch know hidden indices; of 7 the last one is started.
    [[nodiscard]] static bool has_hidden() { return !is_before(7); }

    static void set(const std::string& index, const std::string& settings) {
        server().request(HttpMethod::put, fmt::format("/{}/_settings", index), settings);
    }

    /// Two segments where merging is left to us.
    static void add_documents(const std::string& index) {
        const std::string type = is_before(7) ? "log" : "_doc";
        for (const int id : {7, 8}) {
            server().request(HttpMethod::put,
                             fmt::format("/{}/{}/{}?refresh=true", index, type, id),
                             R"({"n":1})");
            server().request(HttpMethod::post, fmt::format("/{}/_flush", index));
        }
    }

    /// What searches see is refreshed first: an index that nobody searches shows its old segments.
    static std::int64_t segments_of(const std::string& index) {
        server().request(HttpMethod::post, fmt::format("/{}/_refresh", index));
        const auto stats =
            server().request(HttpMethod::get, fmt::format("/{}/_stats/segments", index));
        return stats["indices"][index.c_str()]["total"]["segments"]["count"].GetInt64();
    }
};

constexpr const char* merge_all = R"(actions:
  1:
    action: forcemerge
    options: {max_num_segments: 1, include_hidden: true}
    filters: [{filtertype: forcemerged, max_num_segments: 1}, {filtertype: pattern, kind: prefix, value: t-}]
)";

TEST_P(RotateTrapsSearch, MergesBesideAClosedIndex) {
    server().create("t-closed", 1);
    server().create("t-open");
    add_documents("t-open");
    server().request(HttpMethod::post, "/t-closed/_close");
    ASSERT_GT(segments_of("t-open"), 1);
    const Rotation rotation = rotate(merge_all);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err << rotation.out;
    EXPECT_EQ(rotation.actions(), Words{"forcemerge t-open done"});
    EXPECT_EQ(segments_of("t-open"), 1);
}

TEST_P(RotateTrapsSearch, MergesAHiddenIndex) {
    if (!has_hidden()) {
        GTEST_SKIP() << "this version has no hidden indices";
    }
    server().create("t-hidden");
    add_documents("t-hidden");
    set("t-hidden", R"({"index.hidden":true})");
    const Rotation rotation = rotate(merge_all);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err << rotation.out;
    EXPECT_EQ(rotation.actions(), Words{"forcemerge t-hidden done"});
    EXPECT_EQ(segments_of("t-hidden"), 1);
    const Rotation again = rotate(merge_all);
    EXPECT_TRUE(again.actions().empty()) << again.out;
    server().request(HttpMethod::del, "/t-hidden");
}

TEST_P(RotateTrapsSearch, SparesHiddenIndicesUnlessTheyAreAskedFor) {
    if (!has_hidden()) {
        GTEST_SKIP() << "this version has no hidden indices";
    }
    server().create("t-hidden");
    server().create("t-open");
    set("t-hidden", R"({"index.hidden":true})");
    const auto actions = [](const char* options) {
        return fmt::format(
            "actions: {{1: {{action: delete_indices, options: {{{}}}, filters: [{{filtertype: "
            "pattern, kind: prefix, value: t-}}]}}}}\n",
            options);
    };
    const Rotation spared = rotate(actions(""));
    EXPECT_EQ(spared.actions(), Words{"delete_index t-open done"}) << spared.err;
    EXPECT_NE(spared.out.find("hidden"), std::string::npos);
    EXPECT_TRUE(server().has("t-hidden"));
    const Rotation asked = rotate(actions("include_hidden: true"));
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    EXPECT_EQ(asked.actions(), Words{"delete_index t-hidden done"});
    EXPECT_FALSE(server().has("t-hidden"));
}

TEST_P(RotateTrapsSearch, DeletesBehindTheBlockOfAFullDiskAndSaysWhatItKeepsFrom) {
    if (is_before(6)) {
        GTEST_SKIP() << "this version has no such block";
    }
    server().create("t-1");
    server().create("t-2");
    add_documents("t-1");
    set("t-1", R"({"index.blocks.read_only_allow_delete":true})");
    const Rotation merged = rotate(merge_all);
    const bool allows_merges = !is_opensearch() && !is_before(8);
    EXPECT_EQ(merged.exit_code, allows_merges ? 0 : 1) << merged.err << merged.out;
    EXPECT_EQ(merged.actions(),
              Words{allows_merges ? "forcemerge t-1 done" : "forcemerge t-1 failed"});
    EXPECT_TRUE(allows_merges || merged.out.find("FORBIDDEN/12") != std::string::npos ||
                merged.out.find("TOO_MANY_REQUESTS/12") != std::string::npos)
        << merged.out;
    const Rotation deleted = rotate(
        "actions: {1: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, "
        "value: t-}]}}\n");
    EXPECT_EQ(deleted.exit_code, 0) << deleted.err;
    EXPECT_EQ(deleted.actions(), (Words{"delete_index t-1 done", "delete_index t-2 done"}));
}

TEST_P(RotateTrapsSearch, DeletesOldBackingIndicesOfADataStreamAndSparesItsWriteIndex) {
    constexpr const char* body = R"({"index_patterns":["t-stream*"],"data_stream":{},)"
                                 R"("template":{"settings":{"number_of_replicas":0}}})";
    if (is_before(7) ||
        server().status(HttpMethod::put, "/_index_template/t-stream", body) != 200 ||
        server().status(HttpMethod::put, "/_data_stream/t-stream") != 200) {
        GTEST_SKIP() << "this distribution has no data streams";
    }
    server().request(HttpMethod::post, "/t-stream/_rollover");
    const auto listed = server().request(HttpMethod::get, "/_data_stream/t-stream");
    Words members;
    for (const auto& index : listed["data_streams"][0]["indices"].GetArray()) {
        members.emplace_back(json_text(index, "index_name"));
    }
    ASSERT_EQ(members.size(), 2U);
    const auto actions = [](const char* options) {
        return fmt::format(
            "actions: {{1: {{action: delete_indices, options: {{{}}}, filters: [{{filtertype: "
            "pattern, kind: prefix, value: .ds-t-stream}}]}}}}\n",
            options);
    };
    const Rotation spared = rotate(actions("ignore_empty_list: true"));
    EXPECT_TRUE(spared.actions().empty()) << spared.out;
    EXPECT_NE(spared.out.find("a backing index of a data stream"), std::string::npos);
    const Rotation rotation = rotate(actions("include_datastreams: true, search_pattern: 'x-*'"));
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err << rotation.out;
    EXPECT_EQ(rotation.actions(), Words{"delete_index " + members[0] + " done"});
    EXPECT_NE(rotation.out.find("the write index of the data stream t-stream"), std::string::npos);
    EXPECT_FALSE(server().has(members[0]));
    EXPECT_TRUE(server().has(members[1]));
    // What the server refuses all the same costs no other index its turn.
    server().create("t-other");
    const Rotation forced = rotate(
        "actions: {1: {action: delete_indices, options: {include_datastreams: true}, "
        "filters: [{filtertype: pattern, kind: regex, value: 't-'}]}}\n",
        {"--yes", "--allow-write-indices"});
    EXPECT_EQ(forced.exit_code, 3) << forced.err;
    EXPECT_EQ(forced.actions(),
              (Words{"delete_index " + members[1] + " failed", "delete_index t-other done"}));
    server().request(HttpMethod::del, "/_data_stream/t-stream");
    server().request(HttpMethod::del, "/_index_template/t-stream");
}

CARETAKER_FOR_EACH_ENGINE(RotateTrapsSearch);

}  // namespace
}  // namespace caretaker::testing
