// SPDX-License-Identifier: Apache-2.0
// A run that is killed at any of its store writes: the next one sees it and finishes the work, and
// nothing is done twice.
#include "testjob_runs.hpp"
#include "tests/support/thing_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string>

namespace caretaker::testing {
namespace {

class KilledRun : public ::testing::TestWithParam<const char*> {};

constexpr int things = 3;

std::string thing_name(int number) {
    return fmt::format("old-{:02}", number);
}

/// What must hold once a killed run was followed by one that was not.
void check_everything_is_done_once(const TestjobRuns& runs, const ThingServer& server) {
    EXPECT_EQ(server.size(), 30U);
    for (int number = 1; number <= things; ++number) {
        EXPECT_EQ(server.deletions(thing_name(number)), 1) << thing_name(number);
    }
    const auto store = runs.store();
    int done = 0;
    for (const RunRow& row : runs.rows()) {
        EXPECT_NE(row.outcome, "running");
        for (const ActionRow& action : store->run_details(row.id).actions) {
            EXPECT_NE(action.state, "started") << action.subject;
            EXPECT_NE(action.state, "unknown") << action.subject;
            done += action.state == "done" ? 1 : 0;
        }
    }
    EXPECT_EQ(done, things) << "each action is on record once";
}

TEST_P(KilledRun, IsMarkedAsLostAndFinishedByTheNextOneWithNothingDoneTwice) {
    int killed = 0;
    while (true) {
        SCOPED_TRACE(fmt::format("{}:{}", GetParam(), killed + 1));
        const TestjobRuns runs;
        const ThingServer server(things, 30);
        const std::vector<std::string> args{"purge", "--url", server.url(), "--yes"};
        const Finished first = runs.run(
            args, {{"CARETAKER_TEST_DIE_AT", fmt::format("{}:{}", GetParam(), killed + 1)}});
        if (first.status.signal != SIGKILL) {
            EXPECT_EQ(first.status.code, 0) << first.err;
            break;
        }
        ++killed;
        const Finished second = runs.run(args);
        ASSERT_EQ(second.status.code, 0) << second.err;
        const auto rows = runs.rows();
        if (rows.size() == 2) {
            EXPECT_TRUE(rows[0].outcome == "lost" || rows[0].outcome == "ok") << rows[0].outcome;
            EXPECT_EQ(rows[0].outcome == "lost",
                      second.err.find("marked as lost") != std::string::npos);
        }
        EXPECT_EQ(rows.back().outcome, "ok");
        check_everything_is_done_once(runs, server);
    }
    // The beginning, the end, the delivery, and two for each action; more if the file is new.
    EXPECT_GE(killed, 3 + 2 * things);
}

TEST_P(KilledRun, OfOneRequestForSeveralThingsIsFinishedToo) {
    for (int write = 1;; ++write) {
        SCOPED_TRACE(fmt::format("{}:{}", GetParam(), write));
        const TestjobRuns runs;
        const ThingServer server(things, 30);
        const std::vector<std::string> args{
            "purge", "--url", server.url(), "--yes", "--together", "2"};
        const Finished first =
            runs.run(args, {{"CARETAKER_TEST_DIE_AT", fmt::format("{}:{}", GetParam(), write)}});
        if (first.status.signal != SIGKILL) {
            break;
        }
        ASSERT_EQ(runs.run(args).status.code, 0);
        check_everything_is_done_once(runs, server);
    }
}

INSTANTIATE_TEST_SUITE_P(Points,
                         KilledRun,
                         ::testing::Values("store-before-write",
                                           "store-before-commit",
                                           "store-after-commit"),
                         [](const auto& point) {
                             std::string name = point.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace caretaker::testing
