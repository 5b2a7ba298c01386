// SPDX-License-Identifier: Apache-2.0
// The table of exit codes keeps its promises.
#include "common/base/exit_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <set>

namespace caretaker {
namespace {

TEST(ExitCodes, StandInAscendingOrder) {
    EXPECT_TRUE(std::ranges::is_sorted(exit_codes(), {}, &ExitCodeInfo::code));
}

TEST(ExitCodes, KeepClearOfThoseOfShellsAndTimeout) {
    for (const ExitCodeInfo& row : exit_codes()) {
        const int code = static_cast<int>(row.code);
        EXPECT_TRUE(code <= 10 || code >= 128) << code;
        EXPECT_NE(code, 137) << "means SIGKILL to everybody";
    }
}

TEST(ExitCodes, HaveEachWordOfTheTable) {
    for (const ExitCodeInfo& row : exit_codes()) {
        EXPECT_FALSE(row.name.empty() || row.meaning.empty() || row.chronos.empty() ||
                     row.jenkins.empty())
            << static_cast<int>(row.code);
    }
}

TEST(ExitCodes, AreFoundByTheirNumber) {
    EXPECT_EQ(describe(ExitCode::braked).name, "braked");
    EXPECT_EQ(describe(exit_code_for_signal(SIGTERM)).code, ExitCode::terminated);
}

TEST(ExitCodes, BecomeThoseOfMonitoringPlugins) {
    EXPECT_EQ(describe(ExitCode::ok).nagios, NagiosState::ok);
    EXPECT_EQ(describe(ExitCode::failed).nagios, NagiosState::critical);
    EXPECT_EQ(describe(ExitCode::usage).nagios, NagiosState::unknown);
    EXPECT_EQ(describe(ExitCode::partial).nagios, NagiosState::warning);
    EXPECT_EQ(describe(ExitCode::braked).nagios, NagiosState::critical);
    EXPECT_EQ(describe(ExitCode::locked).nagios, NagiosState::warning);
    EXPECT_EQ(describe(ExitCode::unreachable).nagios, NagiosState::unknown);
    EXPECT_EQ(describe(ExitCode::timeout).nagios, NagiosState::critical);
    EXPECT_EQ(describe(ExitCode::store).nagios, NagiosState::unknown);
    EXPECT_EQ(describe(ExitCode::denied).nagios, NagiosState::unknown);
    EXPECT_EQ(describe(ExitCode::terminated).nagios, NagiosState::unknown);
}

}  // namespace
}  // namespace caretaker
