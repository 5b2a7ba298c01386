// SPDX-License-Identifier: Apache-2.0
// A rotation killed at any write to its store, and run again: as if nothing had happened.
#include "tests/integration/rotate/troubled_search.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr const char* actions = R"(actions:
  1: {action: close, filters: [{filtertype: pattern, kind: prefix, value: close-}]}
  2: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: logs-}]}
  3: {action: replicas, options: {count: 1}, filters: [{filtertype: pattern, kind: prefix, value: keep-}]}
)";

void fill(sandbox::SearchState& state) {
    for (int i = 0; i < 4; ++i) {
        state.add(fmt::format("logs-{}", i));
    }
    state.add("close-1");
    state.add("keep-1");
}

/// What a run leaves behind, in words.
std::string describe(const sandbox::SearchState& state) {
    std::string text;
    for (const auto& [name, index] : state.indices) {
        text += fmt::format("{} {} {};", name, index.is_open ? "open" : "closed", index.replicas);
    }
    return text;
}

class RotateCrash : public ::testing::TestWithParam<const char*> {};

TEST_P(RotateCrash, AtAnyWriteIsMadeGoodByTheNextRun) {
    constexpr int most_writes = 60;
    int writes = 1;
    for (; writes <= most_writes; ++writes) {
        TroubledSearch search;
        fill(search.state());
        std::map<std::string, int> deletions;
        search.interfere(
            [&](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
                if (request.method == HttpMethod::del) {
                    ++deletions[request.url];
                }
                return std::nullopt;
            });
        const std::vector<std::string> options{
            "--yes", "--continue-on-empty", "--max-percent", "100"};
        search.set_variable("CARETAKER_TEST_DIE_AT", fmt::format("{}:{}", GetParam(), writes));
        const Rotation killed = search.rotate(actions, options);
        if (killed.exit_code == 0) {
            break;
        }
        search.set_variable("CARETAKER_TEST_DIE_AT", "");
        const Rotation again = search.rotate(actions, options);
        EXPECT_EQ(again.exit_code, 0) << writes << ": " << again.err;
        EXPECT_EQ(describe(search.state()), "close-1 closed 0;keep-1 open 1;") << writes;
        const Rotation third = search.rotate(actions, options);
        EXPECT_EQ(third.exit_code, 0) << third.err;
        for (const std::string& action : third.actions()) {
            EXPECT_FALSE(action.starts_with("delete_index")) << action;
        }
    }
    EXPECT_GT(writes, 5);  // it was killed between its changes, too
    EXPECT_LE(writes, most_writes);
}

INSTANTIATE_TEST_SUITE_P(Before,
                         RotateCrash,
                         ::testing::Values("store-before-commit", "store-after-commit"),
                         [](const auto& parameter) {
                             return std::string(parameter.param) == "store-before-commit"
                                        ? "Commit"
                                        : "WhatFollowsACommit";
                         });

TEST(RotateResume, GoesOnBehindAnActionThatAStoppedRunHasFinished) {
    // Dies before the second deletion is recorded as begun: the first action is done by then.
    const char* file = R"(actions:
  1: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: logs-}]}
  2: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: close-}]}
)";
    bool was_stopped_between = false;
    for (int write = 1; write < 40 && !was_stopped_between; ++write) {
        TroubledSearch tried;
        fill(tried.state());
        tried.set_variable("CARETAKER_TEST_DIE_AT", fmt::format("store-before-commit:{}", write));
        const Rotation killed = tried.rotate(file);
        was_stopped_between = killed.exit_code != 0 && tried.state().indices.size() == 2 &&
                              tried.state().indices.contains("close-1");
        if (!was_stopped_between) {
            continue;
        }
        tried.set_variable("CARETAKER_TEST_DIE_AT", "");
        const Rotation again = tried.rotate(file);
        if (again.exit_code == 3) {  // before it was remembered that the first action is finished
            was_stopped_between = false;
            continue;
        }
        EXPECT_EQ(again.exit_code, 0) << again.err;
        EXPECT_EQ(again.actions(), std::vector<std::string>{"delete_index close-1 done"});
        EXPECT_NE(again.out.find("done before"), std::string::npos);
        const Rotation third = tried.rotate(file);
        EXPECT_EQ(third.exit_code, 3) << third.err;  // a new run: Curator's rule for empty lists
    }
    EXPECT_TRUE(was_stopped_between);
}

TEST(RotateResume, TakesAnIndexMadeAnewForAnotherOne) {
    TroubledSearch search;
    fill(search.state());
    const char* file =
        "actions: {1: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, "
        "value: "
        "logs-}]}}\n";
    search.interfere(
        [](sandbox::SearchState& state, const HttpRequest& request) -> std::optional<ServedAnswer> {
            if (request.method != HttpMethod::del) {
                return std::nullopt;
            }
            ServedAnswer answer = sandbox::answer_search(state, request);
            state.add("logs-0");  // a straggler writes to it
            answer.conduct = ServerConduct::half_body;
            return answer;
        });
    const Rotation rotation = search.rotate(file);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(search.state().indices.count("logs-0"), 1U);
}

}  // namespace
}  // namespace caretaker::testing
