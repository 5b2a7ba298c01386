// SPDX-License-Identifier: Apache-2.0
// Which metrics a run sends about itself.
#include "common/cli/run_metrics.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace caretaker {
namespace {

std::map<std::string, double> by_name(const std::vector<Metric>& metrics) {
    std::map<std::string, double> values;
    for (const Metric& metric : metrics) {
        EXPECT_TRUE(values.emplace(metric.name, metric.value).second) << metric.name;
    }
    return values;
}

TEST(RunMetrics, BeginWithTheStartAndTheDelayWhereItIsKnown) {
    EXPECT_EQ(by_name(started_metrics({})), (std::map<std::string, double>{{"run.started", 1}}));
    const RunInfo late{.queue_delay = std::chrono::milliseconds(1'500)};
    EXPECT_EQ(by_name(started_metrics(late)),
              (std::map<std::string, double>{{"run.started", 1}, {"run.queue_delay", 1'500}}));
}

TEST(RunMetrics, TellOutcomeCodeAndDuration) {
    const FinishedRun run{.duration = std::chrono::milliseconds(17),
                          .outcome = Outcome::braked,
                          .exit_code = ExitCode::braked};
    const auto values = by_name(finished_metrics(run, {}));
    EXPECT_EQ(values.at("run.braked"), 1);
    EXPECT_EQ(values.at("run.duration"), 17);
    EXPECT_EQ(values.at("run.exit_code"), 5);
    EXPECT_FALSE(values.contains("run.last_success"));
    EXPECT_FALSE(values.contains("store.bytes"));
    EXPECT_FALSE(values.contains("store.errors"));
    EXPECT_FALSE(values.contains("bytes.freed"));
}

TEST(RunMetrics, HoldTheTimeOfTheLastSuccessInSeconds) {
    const FinishedRun run{.ended_at = WallTime(std::chrono::milliseconds(1'700'000'000'999)),
                          .outcome = Outcome::ok};
    EXPECT_EQ(by_name(finished_metrics(run, {})).at("run.last_success"), 1'700'000'000);
}

TEST(RunMetrics, CountFindingsBySeverityAndStatus) {
    FinishedRun run;
    run.findings = {{.finding = {.severity = Severity::high}, .status = FindingStatus::added},
                    {.finding = {.severity = Severity::high}, .status = FindingStatus::open},
                    {.finding = {.severity = Severity::low}, .status = FindingStatus::resolved}};
    const auto values = by_name(finished_metrics(run, {}));
    EXPECT_EQ(values.at("findings.open.high"), 2);
    EXPECT_EQ(values.at("findings.open.low"), 0);
    EXPECT_EQ(values.at("findings.new"), 1);
    EXPECT_EQ(values.at("findings.resolved"), 1);
}

TEST(RunMetrics, CountActionsByStateAndTheBytesOfThoseDone) {
    FinishedRun run;
    run.report.actions = {{.state = ActionState::done, .bytes = 100},
                          {.state = ActionState::done, .bytes = 23},
                          {.state = ActionState::failed, .bytes = 1'000},
                          {.state = ActionState::skipped}};
    const auto values = by_name(finished_metrics(run, {}));
    EXPECT_EQ(values.at("actions.done"), 2);
    EXPECT_EQ(values.at("actions.failed"), 1);
    EXPECT_FALSE(values.contains("actions.would"));
    EXPECT_EQ(values.at("bytes.freed"), 123);
}

TEST(RunMetrics, AreAllInTheDocument) {
    std::ifstream file(std::string(CARETAKER_SOURCE_DIR) + "/docs/metrics.md");
    const std::string document(std::istreambuf_iterator<char>(file), {});
    FinishedRun run;
    run.report.actions = {{.state = ActionState::done, .bytes = 1},
                          {.state = ActionState::failed},
                          {.state = ActionState::would}};
    std::vector<Metric> all = finished_metrics(run, {.store_errors = 1, .store_bytes = 1});
    for (const auto& more : {started_metrics({.queue_delay = std::chrono::milliseconds(1)}),
                             lost_metrics(),
                             dropped_metrics(1)}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    for (const Metric& metric : all) {
        std::string name = metric.name;
        if (name == "run.ok") {
            name = "run.<outcome>";
        } else if (name.starts_with("findings.open.")) {
            name = "findings.open.<severity>";
        }
        EXPECT_NE(document.find('`' + name + '`'), std::string::npos) << name;
    }
}

TEST(RunMetrics, TellTheStoresSizeAndErrors) {
    const auto values = by_name(finished_metrics({}, {.store_errors = 2, .store_bytes = 4'096}));
    EXPECT_EQ(values.at("store.bytes"), 4'096);
    EXPECT_EQ(values.at("store.errors"), 2);
}

}  // namespace
}  // namespace caretaker
