// SPDX-License-Identifier: Apache-2.0
// `caretaker rotate` against search engines of many versions, and what it makes of their troubles.
#include "tests/integration/rotate/troubled_search.hpp"
#include "tests/sandbox/search_handlers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Words = std::vector<std::string>;

constexpr const char* delete_logs = R"(actions:
  1:
    action: delete_indices
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: name, direction: older, timestring: '%Y.%m.%d', unit: days, unit_count: 30}
)";

constexpr const char* all_kinds = R"(actions:
  1: {action: close, filters: [{filtertype: pattern, kind: suffix, value: '01.01'}]}
  2: {action: replicas, options: {count: 1, wait_for_completion: true}, filters: [{filtertype: none}]}
  3: {action: allocation, options: {key: box, value: hot}, filters: [{filtertype: none}]}
  4: {action: index_settings, options: {index_settings: {index: {refresh_interval: 30s}}}, filters: [{filtertype: none}]}
  5: {action: forcemerge, options: {max_num_segments: 1}, filters: [{filtertype: none}]}
  6: {action: alias, options: {name: now}, add: {filters: [{filtertype: opened, exclude: false}]}}
  7: {action: create_index, options: {name: new, extra_settings: {settings: {number_of_shards: 1}}}}
  8: {action: cluster_routing, options: {routing_type: rebalance, setting: enable, value: all}}
  9: {action: snapshot, options: {repository: backup, name: s, wait_interval: 1}, filters: [{filtertype: none}]}
  10: {action: delete_snapshots, options: {repository: backup}, filters: [{filtertype: pattern, kind: regex, value: old}]}
  11: {action: open, filters: [{filtertype: opened}]}
  12: {action: allocation, options: {key: rack, value: }, filters: [{filtertype: none}]}
  13: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: logs-}]}
)";

void add_logs(TroubledSearch& search) {
    for (const char* name : {"logs-2020.01.01", "logs-2020.01.02", "logs-2020.01.03", "other"}) {
        search.state().add(name).docs = 3;
    }
}

class RotateVersions : public ::testing::TestWithParam<const char*> {};

TEST_P(RotateVersions, AreSpokenToAsTheyLike) {
    TroubledSearch search(GetParam());
    add_logs(search);
    for (auto& [name, index] : search.state().indices) {
        index.segments = 9;
    }
    search.state().repositories["backup"]["old"] = {};
    const Rotation rotation = search.rotate(all_kinds);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    for (const std::string& action : rotation.actions()) {
        EXPECT_TRUE(action.ends_with(" done")) << action;
    }
    EXPECT_EQ(search.state().indices.count("logs-2020.01.01"), 0U);
    EXPECT_EQ(search.state().indices.count("new"), 1U);
    EXPECT_EQ(search.state().indices.at("other").segments, 2);
    EXPECT_TRUE(search.state().indices.at("other").aliases.contains("now"));
    EXPECT_EQ(
        search.state().indices.at("other").settings.at("index.routing.allocation.require.box"),
        "hot");
    EXPECT_TRUE(search.state().repositories.at("backup").contains("s"));
    EXPECT_FALSE(search.state().repositories.at("backup").contains("old"));
}

INSTANTIATE_TEST_SUITE_P(Of,
                         RotateVersions,
                         ::testing::Values("elasticsearch-1.7.6",
                                           "elasticsearch-2.4.6",
                                           "elasticsearch-5.6.16",
                                           "elasticsearch-6.8.23",
                                           "elasticsearch-7.17.28",
                                           "elasticsearch-8.6.2",
                                           "elasticsearch-9.2.0",
                                           "elasticsearch-12.0.0",
                                           "opensearch-1.3.20",
                                           "opensearch-2.19.3",
                                           "opensearch-3.6.0"),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::ranges::replace_if(
                                 name, [](char c) { return c == '.' || c == '-'; }, '_');
                             return name;
                         });

TEST(RotateTrouble, ADryRunChangesNothing) {
    TroubledSearch search;
    add_logs(search);
    search.state().add("r-000001").aliases["r"] = true;
    const Rotation rotation = search.rotate(
        "actions: {1: {action: rollover, options: {name: r, conditions: {max_age: 0d}}}, 2: "
        "{action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: logs-}]}}\n",
        {"--dry-run"});
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions().size(), 4U);
    EXPECT_EQ(search.state().indices.size(), 5U);
    EXPECT_EQ(search.count(HttpMethod::del), 0U);
    EXPECT_EQ(search.count(HttpMethod::post), 1U);  // ?dry_run=true
}

TEST(RotateTrouble, AThousandIndicesCostFewRequests) {
    TroubledSearch search;
    constexpr int many = 1000;
    for (int i = 0; i < many; ++i) {
        search.state().add(fmt::format("logs-{:04}-2020.01.01", i));
    }
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_TRUE(search.state().indices.empty());
    EXPECT_EQ(search.count(HttpMethod::get), 7U);  // six, and the second look
    EXPECT_EQ(search.count(HttpMethod::del), 6U);  // 21 bytes a name, 3 800 a request
}

TEST(RotateTrouble, OneThatIsRefusedKeepsNoOtherFromItsTurn) {
    for (const char* version :
         {"elasticsearch-1.7.6", "elasticsearch-6.8.23", "opensearch-2.19.3"}) {
        TroubledSearch search(version);
        add_logs(search);
        search.state().indices["logs-2020.01.02"].settings["index.blocks.read_only"] = "true";
        const Rotation rotation = search.rotate(delete_logs);
        EXPECT_EQ(rotation.exit_code, 3) << rotation.err;
        EXPECT_EQ(rotation.actions(),
                  (Words{"delete_index logs-2020.01.01 done",
                         "delete_index logs-2020.01.02 failed",
                         "delete_index logs-2020.01.03 done"}));
        EXPECT_NE(rotation.out.find("read-only"), std::string::npos);
    }
}

TEST(RotateTrouble, AWriteIndexOfAStreamThatIsRefusedIsNoReasonToStop) {
    TroubledSearch search;
    for (const char* name : {".ds-logs-000001", ".ds-logs-000002"}) {
        search.state().add(name);
    }
    search.state().streams["logs"] = {".ds-logs-000001", ".ds-logs-000002"};
    const char* actions =
        "actions: {1: {action: delete_indices, options: {search_pattern: '.ds-*'}, filters: "
        "[{filtertype: none}]}}\n";
    const Rotation refused = search.rotate(actions, {"--yes", "--allow-write-indices"});
    EXPECT_EQ(refused.exit_code, 3) << refused.err;
    EXPECT_EQ(search.state().indices.count(".ds-logs-000001"), 0U);
    const Rotation spared = search.rotate(actions);
    EXPECT_EQ(spared.exit_code, 0) << spared.err;
    EXPECT_TRUE(spared.actions().empty());
}

TEST(RotateTrouble, WhatIsNotConfirmedIsLookedAtAgain) {
    TroubledSearch search("elasticsearch-2.4.6");
    add_logs(search);
    search.interfere(
        [](sandbox::SearchState& state, const HttpRequest& request) -> std::optional<ServedAnswer> {
            if (request.method != HttpMethod::del) {
                return std::nullopt;
            }
            state.indices.erase("logs-2020.01.01");
            state.indices.erase("logs-2020.01.02");
            return ServedAnswer{.body = R"({"acknowledged":false})"};
        });
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 3) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (Words{"delete_index logs-2020.01.01 done",
                     "delete_index logs-2020.01.02 done",
                     "delete_index logs-2020.01.03 failed"}));
}

TEST(RotateTrouble, ADeletionWhoseAnswerIsLostIsFoundOut) {
    TroubledSearch search;
    add_logs(search);
    search.interfere(
        [](sandbox::SearchState& state, const HttpRequest& request) -> std::optional<ServedAnswer> {
            if (request.method != HttpMethod::del) {
                return std::nullopt;
            }
            ServedAnswer answer = sandbox::answer_search(state, request);
            answer.conduct = ServerConduct::half_body;
            return answer;
        });
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions().size(), 3U);
}

TEST(RotateTrouble, WhatIsStillThereAtTheEndIsAFailure) {
    TroubledSearch search;
    add_logs(search);
    search.interfere(
        [](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
            return request.method == HttpMethod::del
                       ? std::optional(ServedAnswer{.body = R"({"acknowledged":true})"})
                       : std::nullopt;
        });
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_EQ(rotation.actions()[0], "delete_index logs-2020.01.01 failed");
    EXPECT_NE(rotation.out.find("still there"), std::string::npos);
}

TEST(RotateTrouble, AnIndexThatWasMadeAnewIsNotTakenForTheOldOne) {
    TroubledSearch search;
    add_logs(search);
    search.interfere(
        [](sandbox::SearchState& state, const HttpRequest& request) -> std::optional<ServedAnswer> {
            if (request.method != HttpMethod::del) {
                return std::nullopt;
            }
            ServedAnswer answer = sandbox::answer_search(state, request);
            state.add("logs-2020.01.01");  // a straggler wrote to it
            return answer;
        });
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(search.state().indices.count("logs-2020.01.01"), 1U);
}

TEST(RotateTrouble, AnActionThatFailsEndsTheRunUnlessItMayGoOn) {
    for (const bool goes_on : {false, true}) {
        TroubledSearch search;
        add_logs(search);
        search.state().indices["logs-2020.01.02"].settings["index.blocks.read_only"] = "true";
        const Rotation rotation = search.rotate(fmt::format(
            "actions: {{1: {{action: close, options: {{continue_if_exception: {}}}, filters: "
            "[{{filtertype: pattern, kind: prefix, value: logs-}}]}}, 2: {{action: replicas, "
            "options: {{count: 2}}, filters: [{{filtertype: pattern, kind: regex, value: "
            "other}}]}}}}\n",
            goes_on));
        EXPECT_EQ(rotation.exit_code, 3) << rotation.err;
        EXPECT_EQ(search.state().indices.at("other").replicas, goes_on ? 2 : 0);
        EXPECT_EQ(rotation.actions().back(),
                  goes_on ? "set_replicas other done" : "set_replicas other skipped");
    }
}

struct Answered {
    const char* name = "";
    ServedAnswer answer{};
    int exit_code = 0;

    friend void PrintTo(const Answered& answered, std::ostream* out) { *out << answered.name; }
};

class RotateAnswers : public ::testing::TestWithParam<Answered> {};

TEST_P(RotateAnswers, EndTheRunWithACodeAndChangeNothing) {
    TroubledSearch search;
    add_logs(search);
    search.interfere(
        [](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
            const bool hits = request.url.find("_settings") != std::string::npos;
            return hits ? std::optional(GetParam().answer) : std::nullopt;
        });
    const Rotation rotation = search.rotate(delete_logs, {"--yes", "--request_timeout", "5"});
    EXPECT_EQ(rotation.exit_code, GetParam().exit_code) << rotation.err;
    EXPECT_EQ(search.state().indices.size(), 4U);
}

INSTANTIATE_TEST_SUITE_P(
    Wrong,
    RotateAnswers,
    ::testing::Values(Answered{"refused", {.status = 403, .body = "{}"}, 10},
                      Answered{"not_json", {.body = "<html>"}, 1},
                      Answered{"other_shape", {.body = R"({"a":{"settings":{"index":7}}})"}, 1},
                      Answered{"bad_number",
                               {.body = R"({"a":{"settings":{"index":{"creation_date":"x"}}}})"},
                               1},
                      Answered{"bad_request", {.status = 400, .body = "{}"}, 1}),
    [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(RotateTrouble, AStrangerIsNotSpokenTo) {
    TroubledSearch search;
    search.interfere([](sandbox::SearchState&, const HttpRequest&) -> std::optional<ServedAnswer> {
        return ServedAnswer{.body = R"({"version":{"number":"7.0.0"},"tagline":"another"})"};
    });
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 1);
    EXPECT_NE(rotation.out.find("no answer of Elasticsearch or OpenSearch"), std::string::npos);
}

TEST(RotateTrouble, TheBrakeHoldsWhatWouldBeTooMuch) {
    TroubledSearch search;
    constexpr int many = 12;
    for (int i = 0; i < many; ++i) {
        search.state().add(fmt::format("logs-{:04}-2020.01.01", i));
    }
    const Rotation rotation = search.rotate(delete_logs, {"--yes", "--max-percent", "20"});
    EXPECT_EQ(rotation.exit_code, 5) << rotation.err;
    EXPECT_EQ(search.state().indices.size(), static_cast<std::size_t>(many));
}

}  // namespace
}  // namespace caretaker::testing
