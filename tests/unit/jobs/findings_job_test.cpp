// SPDX-License-Identifier: Apache-2.0
// The command line of `findings`, and what it does in a store in memory.
#include "jobs/findings/findings_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/findings/findings_view.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {

namespace {

class FindingsJob : public testing::Test {
 protected:
    /// Parses `args` and runs the command. Throws CLI::ParseError and Error.
    Report findings(std::vector<std::string> args) {
        const auto job = make_findings_job();
        CLI::App app;
        CommandOptions command(app);
        job->describe(command);
        std::ranges::reverse(args);  // as CLI11 wants a vector
        app.parse(args);
        changes_store_ = job->changes_store();

        const Connectors connect;
        Log log(LogLevel::off, LogFormat::plain);
        const StopSignal stop;
        const Settings settings;
        RunInfo run;
        run.target = target_;
        Context context{clock_, connect, store_.get(), log, settings, stop, run};
        return job->run(context);
    }

    static std::string column(const Report& report, const std::string& key) {
        const auto& columns = report.table.columns;
        const auto found = std::ranges::find(columns, key, &Column::key);
        std::string text;
        for (const auto& row : report.table.rows) {
            const Cell& cell = row.at(static_cast<std::size_t>(found - columns.begin()));
            const auto* time = std::get_if<WallTime>(&cell);
            const auto* value = std::get_if<std::string>(&cell);
            text += (time != nullptr    ? format_rfc3339(*time)
                     : value != nullptr ? *value
                                        : "-") +
                    " ";
        }
        return text;
    }

    void fill() {
        Report report;
        report.findings = {make_finding("a"), make_finding("b", Severity::critical)};
        store_->close_run(store_->begin_run(make_run(1)), make_close(report, 1));
        report.findings = {make_finding("c", Severity::low)};
        store_->close_run(store_->begin_run(make_run(2, "cleanup", "test")), make_close(report, 2));
        report.findings = {make_finding("b", Severity::critical)};
        store_->close_run(store_->begin_run(make_run(3)), make_close(report, 3));
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
    FakeClock clock_{first_start + std::chrono::hours(1)};
    std::string target_;
    bool changes_store_ = false;
};

TEST_F(FindingsJob, HasNoRunsWithoutAStoreYet) {
    store_.reset();
    const Report report = findings({});
    EXPECT_EQ(report.outcome, Outcome::ok);
    EXPECT_EQ(report.summary, "no runs yet");
    EXPECT_FALSE(report.table.columns.empty());
    EXPECT_THROW(findings({"ack", "1", "--until", "7d"}), UsageError);
    EXPECT_THROW(findings({"unack", "1"}), UsageError);
}

TEST_F(FindingsJob, TellsAnEmptyStoreFromOneWithoutSuchAFinding) {
    EXPECT_EQ(findings({}).summary, "no runs yet");
    fill();
    EXPECT_EQ(findings({"--job", "rotate"}).summary, "no such finding");
}

TEST_F(FindingsJob, ListsThemByFilters) {
    fill();
    EXPECT_EQ(column(findings({}), "subject"), "b c ");
    EXPECT_EQ(column(findings({"--job", "cleanup"}), "subject"), "c ");
    EXPECT_EQ(column(findings({"--severity", "warn"}), "subject"), "b ");
    EXPECT_EQ(column(findings({"--all"}), "subject"), "b c a ");
    EXPECT_EQ(column(findings({"--all"}), "status"), "open open resolved ");
    EXPECT_EQ(column(findings({"--limit", "1"}), "subject"), "b ");
    target_ = "test";
    EXPECT_EQ(column(findings({}), "subject"), "c ");
}

TEST_F(FindingsJob, SaysHowManyThereAre) {
    fill();
    EXPECT_EQ(findings({}).summary, "2 findings, 0 of them acknowledged");
    EXPECT_EQ(findings({"--job", "cleanup"}).summary, "1 finding, 0 of them acknowledged");
    EXPECT_EQ(findings({"--limit", "1"}).summary, "the worst 1 findings; --limit shows more");
    EXPECT_FALSE(changes_store_);
}

TEST_F(FindingsJob, AcknowledgesOneUntilATime) {
    fill();
    const Report marked = findings({"ack", "1", "--until", "7d", "--note", "raised on Monday"});
    EXPECT_TRUE(changes_store_);
    EXPECT_EQ(marked.summary, "lag_growing b is acknowledged until 2026-05-10T04:09:37.123Z");
    EXPECT_EQ(column(marked, "status"), "acknowledged ");

    const Report list = findings({});
    EXPECT_EQ(column(list, "status"), "acknowledged open ");
    EXPECT_EQ(column(list, "acked_until"), "2026-05-10T04:09:37.123Z - ");
    EXPECT_EQ(column(list, "note"), "raised on Monday - ");
    EXPECT_EQ(list.summary, "2 findings, 1 of them acknowledged");

    clock_.advance(std::chrono::hours(24 * 8));
    EXPECT_EQ(column(findings({}), "status"), "open open ");
}

TEST_F(FindingsJob, TakesAnAcknowledgementBack) {
    fill();
    findings({"ack", "1", "--until", "2026-06-01"});
    EXPECT_EQ(findings({"unack", "1"}).summary, "lag_growing b counts again");
    EXPECT_TRUE(changes_store_);
    EXPECT_EQ(findings({"unack", "1"}).summary, "lag_growing b was not acknowledged");
    EXPECT_EQ(column(findings({}), "status"), "open open ");
}

TEST_F(FindingsJob, RefusesFindingsThatAreNotThereAndTimesThatArePast) {
    fill();
    EXPECT_THROW(findings({"ack", "77", "--until", "7d"}), UsageError);
    EXPECT_THROW(findings({"unack", "lag_growing"}), UsageError);
    EXPECT_THROW(findings({"ack", "1", "--until", "2020-01-01"}), UsageError);
    EXPECT_THROW(findings({"ack", "1", "--until", "0s"}), UsageError);
}

TEST_F(FindingsJob, RefusesWrongOptions) {
    for (const auto& args : std::vector<std::vector<std::string>>{
             {"ack"},
             {"ack", "1"},
             {"ack", "--until", "7d"},
             {"ack", "1", "--until", "tomorrow"},
             {"unack"},
             {"unack", "1", "2"},
             {"--severity", "bad"},
             {"--limit", "0"},
             {"nonsense"},
         }) {
        EXPECT_THROW(findings(args), CLI::ParseError) << args.front();
    }
}

TEST_F(FindingsJob, IsAsBadForAPluginAsTheWorstOpenFindingThatNobodyAcknowledged) {
    EXPECT_EQ(findings({}).nagios, NagiosState::ok);
    fill();  // open: b critical of lag, c low of cleanup
    EXPECT_EQ(findings({}).nagios, NagiosState::critical);
    EXPECT_EQ(findings({"--limit", "1"}).nagios, NagiosState::critical);
    EXPECT_EQ(findings({"--job", "cleanup"}).nagios, NagiosState::ok) << "low is no warning";
    findings({"ack", "1", "--until", "7d"});
    EXPECT_EQ(findings({}).nagios, NagiosState::ok);
}

TEST(FindingsView, CountsOpenFindingsBySeverity) {
    const WallTime now = first_start;
    FindingRow high{.finding = make_finding("a", Severity::high)};
    FindingRow warn{.finding = make_finding("b", Severity::warn)};
    FindingRow known{.finding = make_finding("c", Severity::critical)};
    known.acked_until = now + std::chrono::hours(1);
    const std::vector<FindingRow> open{high, warn, known};
    std::string counts;
    for (const Metric& metric : count_findings(open, now)) {
        counts += fmt::format("{}={} ", metric.name, metric.value);
    }
    EXPECT_EQ(counts, "info=0 low=0 warn=1 high=1 critical=0 acknowledged=1 ");
    EXPECT_EQ(judge_findings(open, now), NagiosState::critical);
    EXPECT_EQ(judge_findings(std::vector{warn, known}, now), NagiosState::warning);
    EXPECT_EQ(judge_findings(std::vector{known}, now), NagiosState::ok);
    EXPECT_EQ(judge_findings(std::vector{known}, now + std::chrono::hours(2)),
              NagiosState::critical)
        << "an acknowledgement ends";
}

}  // namespace

}  // namespace caretaker
