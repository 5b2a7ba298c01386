// SPDX-License-Identifier: Apache-2.0
// A rotation killed at any write to its store, and run again: as if nothing had happened.
#include "tests/integration/rotate/troubled_search.hpp"
#include "tests/sandbox/search_handlers.hpp"

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

// What would be done twice by doing it once more: each kind, with a step behind it.
constexpr const char* repeating = R"(actions:
  1: {action: create_index, options: {name: made-1}}
  2: {action: rollover, options: {name: roll, conditions: {}}}
  3: {action: alias, options: {name: all}, add: {filters: [{filtertype: pattern, kind: prefix, value: keep-}]}}
  4: {action: snapshot, options: {repository: r, name: 'snap-%H%M%S', wait_interval: 1, skip_repo_fs_check: true}, filters: [{filtertype: pattern, kind: prefix, value: keep-}]}
  5: {action: reindex, options: {wait_interval: 1, request_body: {source: {index: keep-1}, dest: {index: copy-1}}}, filters: [{filtertype: none}]}
  6: {action: restore, options: {repository: old, name: s1, rename_pattern: 'gone-(.+)', rename_replacement: 'back-$1', wait_interval: 1}, filters: [{filtertype: none}]}
  7: {action: delete_snapshots, options: {repository: old, retry_interval: 1, retry_count: 1}, filters: [{filtertype: pattern, kind: prefix, value: stale-}]}
  8: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: logs-}]}
)";

constexpr const char* all_done =
    "back-1 open 0;close-1 open 0;copy-1 open 0;keep-1 open 0;made-1 open 0;"
    "roll-000001 open 0;roll-000002 open 0;";

void fill_repeating(sandbox::SearchState& state) {
    fill(state);
    state.indices["keep-1"].docs = 3;  // a reindex of nothing makes no index
    state.add("roll-000001").aliases["roll"] = true;
    state.repositories["r"];
    state.repositories["old"]["s1"] = {.indices = {"gone-1"}};
    state.repositories["old"]["stale-1"] = {.indices = {"gone-1"}};
}

/// Changes by what they are about; dry runs are none.
std::string change_of(const HttpRequest& request) {
    const std::string path = request.url.substr(0, request.url.find('?'));
    if (request.url.find("dry_run") != std::string::npos) {
        return {};
    }
    if (path.starts_with("/_snapshot/r/") && request.method == HttpMethod::put) {
        return "snapshot";
    }
    for (const char* change : {"_rollover", "_reindex", "_restore"}) {
        if (request.method == HttpMethod::post && path.ends_with(change)) {
            return change;
        }
    }
    return request.method == HttpMethod::put && path == "/made-1" ? "made-1" : "";
}

TEST_P(RotateCrash, AtAnyWriteMakesNothingTwice) {
    constexpr int most_writes = 80;
    int writes = 1;
    for (; writes <= most_writes; ++writes) {
        TroubledSearch search;
        fill_repeating(search.state());
        std::map<std::string, int> changes;
        search.interfere(
            [&](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
                if (const std::string change = change_of(request); !change.empty()) {
                    ++changes[change];
                }
                return std::nullopt;
            });
        search.set_variable("CARETAKER_TEST_DIE_AT", fmt::format("{}:{}", GetParam(), writes));
        const Rotation killed = search.rotate(repeating);
        if (killed.exit_code == 0 || describe(search.state()) == all_done) {
            break;  // it did not come to its end, but nothing is left: the next run is a new one
        }
        search.set_variable("CARETAKER_TEST_DIE_AT", "");
        const Rotation again = search.rotate(repeating);
        EXPECT_EQ(again.exit_code, 0) << writes << ": " << again.err << again.out;
        EXPECT_EQ(describe(search.state()), all_done) << writes;
        EXPECT_TRUE(search.state().indices["keep-1"].aliases.contains("all")) << writes;
        EXPECT_EQ(search.state().repositories["r"].size(), 1U) << writes;
        EXPECT_EQ(search.state().repositories["old"].size(), 1U) << writes;
        // Documents that are copied once more are the same documents.
        EXPECT_LE(changes["_reindex"], 2) << writes;
        changes["_reindex"] = 1;
        const std::map<std::string, int> once{
            {"_reindex", 1}, {"_restore", 1}, {"_rollover", 1}, {"made-1", 1}, {"snapshot", 1}};
        EXPECT_EQ(changes, once) << writes;
    }
    EXPECT_GT(writes, 20);
    EXPECT_LE(writes, most_writes);
}

TEST(RotateResume, SettlesARolloverWhoseAnswerNobodyReceived) {
    const char* file = "actions: {1: {action: rollover, options: {name: roll, conditions: {}}}}\n";
    TroubledSearch search;
    search.state().add("roll-000001").aliases["roll"] = true;
    bool was_asked = false;
    for (int write = 1; write < 20 && !was_asked; ++write) {
        search.set_variable("CARETAKER_TEST_DIE_AT", fmt::format("store-before-commit:{}", write));
        (void)search.rotate(file);
        was_asked = search.state().indices.size() == 2;
    }
    ASSERT_TRUE(was_asked);
    search.set_variable("CARETAKER_TEST_DIE_AT", "");
    const Rotation again = search.rotate(file);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_NE(again.out.find("done before"), std::string::npos) << again.out;
    EXPECT_EQ(search.state().indices.size(), 2U);
    const Rotation third = search.rotate(file);  // a run of its own
    EXPECT_EQ(third.actions(), std::vector<std::string>{"rollover roll done"});
}

TEST(RotateResume, WatchesASnapshotThatAStoppedRunBegan) {
    const char* file =
        "actions: {1: {action: snapshot, options: {repository: r, name: 'snap-%H%M%S', "
        "wait_interval: 1, skip_repo_fs_check: true}, filters: [{filtertype: none}]}}\n";
    TroubledSearch search;
    search.state().add("a");
    search.state().repositories["r"];
    search.state().slowness = 2;
    bool was_asked = false;
    for (int write = 1; write < 20 && !was_asked; ++write) {
        search.set_variable("CARETAKER_TEST_DIE_AT", fmt::format("store-before-commit:{}", write));
        search.interfere([&](sandbox::SearchState& state,
                             const HttpRequest& request) -> std::optional<ServedAnswer> {
            if (request.method != HttpMethod::put) {
                return std::nullopt;
            }
            was_asked = true;
            ServedAnswer answer = sandbox::answer_search(state, request);
            answer.conduct = ServerConduct::half_body;  // it is recorded as unknown, and killed
            return answer;
        });
        (void)search.rotate(file);
    }
    ASSERT_TRUE(was_asked);
    search.set_variable("CARETAKER_TEST_DIE_AT", "");
    search.interfere({});
    const Rotation again = search.rotate(file);
    EXPECT_EQ(again.exit_code, 0) << again.err << again.out;
    EXPECT_NE(again.out.find("it is in progress"), std::string::npos) << again.out;
    EXPECT_EQ(search.state().repositories["r"].size(), 1U);
}

TEST(RotateResume, SettlesNothingByAnotherCluster) {
    const char* file =
        "actions: {1: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, "
        "value: logs-}]}}\n";
    TroubledSearch search;
    fill(search.state());
    const sandbox::SearchState before = search.state();
    bool was_asked = false;
    for (int write = 1; write < 20 && !was_asked; ++write) {
        search.interfere(
            [&](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
                was_asked = was_asked || request.method == HttpMethod::del;
                return std::nullopt;
            });
        search.set_variable("CARETAKER_TEST_DIE_AT", fmt::format("store-before-commit:{}", write));
        (void)search.rotate(file);
    }
    ASSERT_TRUE(was_asked);
    search.set_variable("CARETAKER_TEST_DIE_AT", "");
    // The same address is another cluster's now, where none of those indices ever was.
    search.state().cluster_uuid = "BBBBBBBBBBBBBBBBBBBBBB";
    search.state().indices.clear();
    search.state().add("logs-9");
    const char* other = "actions: {1: {action: open, filters: [{filtertype: none}]}}\n";
    (void)search.rotate(other);
    EXPECT_EQ(search.open_actions(), 4U);
    const Rotation elsewhere = search.rotate(file);
    EXPECT_EQ(elsewhere.out.find("done before"), std::string::npos) << elsewhere.out;
    EXPECT_EQ(search.open_actions(), 4U);
    search.state() = before;  // it did not do as it was asked
    (void)search.rotate(other);
    EXPECT_EQ(search.open_actions(), 0U);
}

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
