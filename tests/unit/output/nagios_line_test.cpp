// SPDX-License-Identifier: Apache-2.0
// The line of a monitoring plugin.
#include "common/output/nagios_line.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace caretaker {
namespace {

TEST(NagiosLine, HasServiceStateTextAndPerformanceData) {
    const std::vector<NagiosValue> values{{.label = "duration", .value = 2.417, .unit = "s"},
                                          {.label = "lag.total", .value = 1204}};
    EXPECT_EQ(format_nagios_line("lag", NagiosState::warning, "6 groups", values),
              "CARETAKER LAG WARNING: 6 groups | duration=2.417s lag.total=1204\n");
}

TEST(NagiosLine, ManagesWithoutServiceAndValues) {
    EXPECT_EQ(format_nagios_line("", NagiosState::unknown, "wrong option", {}),
              "CARETAKER UNKNOWN: wrong option\n");
}

TEST(NagiosLine, KeepsTextsFromEndingEarly) {
    EXPECT_EQ(format_nagios_line("lag", NagiosState::ok, "a | b\nc", {}),
              "CARETAKER LAG OK: a / b c\n");
    const std::vector<NagiosValue> values{{.label = "it's a=b|c", .value = 1}};
    EXPECT_EQ(format_nagios_line("lag", NagiosState::ok, "t", values),
              "CARETAKER LAG OK: t | 'it''s a_b_c'=1\n");
}

TEST(NagiosLine, WritesNumbersWithoutExponents) {
    const std::vector<NagiosValue> values{
        {.label = "big", .value = 1e15},
        {.label = "small", .value = 0.000001},
        {.label = "half", .value = -0.5},
        {.label = "none", .value = std::numeric_limits<double>::quiet_NaN()}};
    EXPECT_EQ(format_nagios_line("lag", NagiosState::ok, "t", values),
              "CARETAKER LAG OK: t | big=1000000000000000 small=0.000001 half=-0.5\n");
}

TEST(NagiosLine, OfARunBeginsWithTheJobsOwnMetrics) {
    FinishedRun run{.duration = std::chrono::milliseconds(1500)};
    run.info.job = "lag";
    run.info.target = "prod";
    run.report.summary = "6 groups";
    run.report.metrics = {{.name = "run.exit_code", .value = 0},
                          {.name = "run.duration", .value = 1500, .unit = "ms"},
                          {.name = "lag.total", .value = 7},
                          {.name = "size", .value = 3, .unit = "bytes"},
                          {.name = "lag", .value = 9, .labels = {{"group", "a"}}}};
    EXPECT_EQ(render_nagios(run, NagiosState::ok),
              "CARETAKER LAG OK: prod: 6 groups | duration=1.5s lag.total=7 size=3B "
              "run.exit_code=0\n");
}

TEST(NagiosLine, OfARunKeepsToFortyValues) {
    FinishedRun run{};
    run.report.metrics.assign(1000, {.name = "m", .value = 1});
    EXPECT_LT(render_nagios(run, NagiosState::ok).size(), 400U);
}

}  // namespace
}  // namespace caretaker
