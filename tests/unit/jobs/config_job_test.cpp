// SPDX-License-Identifier: Apache-2.0
// The command line of `config`, and what it reports.
#include "jobs/config/config_job.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/options/command_options.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace caretaker {
namespace {

/// Parses `args` and runs the job with `settings`. Throws CLI::ParseError.
Report run_config(std::vector<std::string> args, const Settings& settings) {
    const auto job = make_config_job();
    CLI::App app;
    CommandOptions command(app);
    job->describe(command);
    std::ranges::reverse(args);  // as CLI11 wants a vector
    app.parse(args);

    SystemClock clock;
    const Connectors connect;
    Log log(LogLevel::off, LogFormat::plain);
    const StopSignal stop;
    const RunInfo run;
    Context context{clock, connect, nullptr, log, settings, stop, run};
    return job->run(context);
}

TEST(ConfigJob, NeedsShowOrCheck) {
    EXPECT_THROW(run_config({}, {}), CLI::ParseError);
    EXPECT_THROW(run_config({"show", "check"}, {}), CLI::ParseError);
    EXPECT_THROW(run_config({"check", "--origin"}, {}), CLI::ParseError);
    EXPECT_THROW(run_config({"nonsense"}, {}), CLI::ParseError);
}

TEST(ConfigJob, ShowsAllSettings) {
    const Report report = run_config({"show"}, {});
    EXPECT_EQ(report.outcome, Outcome::ok);
    EXPECT_EQ(report.summary, "0 files, 0 settings");
    EXPECT_EQ(report.table.rows.size(), Settings().all().size());
    EXPECT_EQ(report.table.columns.at(2).shown, Shown::machine);
    EXPECT_EQ(run_config({"show", "--origin"}, {}).table.columns.at(2).shown, Shown::always);
}

TEST(ConfigJob, ChecksWithOneLine) {
    Settings settings;
    settings.set({nullptr, "store.path", "/x", "/c.yml:1:1"});
    const Report report = run_config({"check"}, settings);
    EXPECT_EQ(report.summary, "1 file, 1 setting");
    EXPECT_EQ(report.table.rows,
              (std::vector<std::vector<Cell>>{{"ok", std::int64_t{1}, std::int64_t{1}}}));
}

TEST(ConfigJob, IsNeitherRecordedNorLocked) {
    EXPECT_EQ(config_job_entry().info.kind, JobKind::inspect);
    EXPECT_EQ(config_job_entry().info.name, "config");
}

}  // namespace
}  // namespace caretaker
