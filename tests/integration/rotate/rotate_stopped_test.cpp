// SPDX-License-Identifier: Apache-2.0
// A rotation stopped by a signal between its deletions, and run again: nothing is done twice.
#include "tests/integration/rotate/troubled_search.hpp"
#include "tests/sandbox/search_handlers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr const char* actions =
    "actions: {1: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: "
    "logs-}]}}\n";

/// Three requests long.
constexpr int many = 450;

struct Stop {
    const char* name = "";
    int signal = 0;
    bool was_carried_out = false;  // the deletion whose answer is missing
    int exit_code = 0;

    friend void PrintTo(const Stop& stop, std::ostream* out) { *out << stop.name; }
};

std::vector<std::string> names_in(const std::string& url) {
    std::vector<std::string> names;
    const std::string list = url.substr(1, url.find('?') - 1);
    for (std::size_t begin = 0; begin < list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        names.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return names;
}

class RotateStopped : public ::testing::TestWithParam<Stop> {};

TEST_P(RotateStopped, BetweenDeletionsIsMadeGoodByTheNextRun) {
    TroubledSearch search;
    for (int i = 0; i < many; ++i) {
        search.state().add(fmt::format("logs-{:04}-2020.01.01", i));
    }
    search.state().add("other");
    std::map<std::string, int> deleted;  // how often each index was
    int deletions = 0;
    search.interfere([&](sandbox::SearchState& state,
                         const HttpRequest& request) -> std::optional<ServedAnswer> {
        if (request.method != HttpMethod::del) {
            return std::nullopt;
        }
        ++deletions;
        ServedAnswer answer;
        if (deletions != 2 || GetParam().was_carried_out) {
            for (const std::string& name : names_in(request.url)) {
                ++deleted[name];
            }
            answer = sandbox::answer_search(state, request);
        }
        if (deletions == 2) {
            answer.conduct = ServerConduct::hold;
        }
        return answer;
    });
    ChildProcess run = search.start(actions);
    search.server().wait_for_held(1);
    run.signal(GetParam().signal);
    const auto status = run.wait(std::chrono::seconds(60));
    ASSERT_TRUE(status.has_value());
    EXPECT_EQ(status->code, GetParam().exit_code) << run.err();
    EXPECT_EQ(deletions, 2);
    search.server().release();
    const std::size_t left = search.state().indices.size() - 1;
    EXPECT_GT(left, 0U);

    const Rotation again = search.rotate(actions);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(again.actions().size(), left);
    EXPECT_EQ(search.state().indices.size(), 1U);
    EXPECT_EQ(deleted.size(), static_cast<std::size_t>(many));
    for (const auto& [name, times] : deleted) {
        EXPECT_EQ(times, 1) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(
    By,
    RotateStopped,
    ::testing::Values(Stop{"TermBeforeTheDeletion", SIGTERM, false, 128 + SIGTERM},
                      Stop{"TermAfterTheDeletion", SIGTERM, true, 128 + SIGTERM},
                      Stop{"KillBeforeTheDeletion", SIGKILL, false, 128 + SIGKILL},
                      Stop{"KillAfterTheDeletion", SIGKILL, true, 128 + SIGKILL}),
    [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace caretaker::testing
