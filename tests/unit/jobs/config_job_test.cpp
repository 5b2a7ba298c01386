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
Report run_config(std::vector<std::string> args,
                  const Settings& settings,
                  const std::string& settings_problem = {}) {
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
    context.settings_problem = settings_problem;
    return job->run(context);
}

/// The command as `args` make it; throws CLI::ParseError.
struct ParsedConfig {
    explicit ParsedConfig(std::vector<std::string> args) {
        CommandOptions command(app);
        job->describe(command);
        std::ranges::reverse(args);
        app.parse(args);
    }

    std::unique_ptr<Job> job = make_config_job();
    CLI::App app{};
};

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

TEST(ConfigJob, ShowsWhatCouldBeReadAndFails) {
    Settings settings;
    settings.set({nullptr, "store.path", "/x", "/c.yml:1:1"});
    const Report report = run_config({"show"}, settings, "reading the configuration: c.yml: bad");
    EXPECT_EQ(report.outcome, Outcome::failed);
    EXPECT_EQ(report.table.rows.size(), settings.all().size());
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].code, "usage");
    EXPECT_EQ(report.problems[0].message, "reading the configuration: c.yml: bad");
    EXPECT_EQ(make_config_job()->code_when_failed(), ExitCode::usage);
}

TEST(ConfigJob, ToleratesWrongSettingsOnlyToShowThem) {
    const Tolerance announced = config_job_entry().info.tolerates;
    EXPECT_EQ(ParsedConfig({"show"}).job->tolerance_of_form(announced),
              Tolerance::wrong_settings_as_result);
    EXPECT_EQ(ParsedConfig({"check"}).job->tolerance_of_form(announced), Tolerance::nothing);
}

TEST(ConfigJob, NeedsNoSettingsToDescribeThem) {
    EXPECT_TRUE(ParsedConfig({"schema"}).job->stands_alone());
    EXPECT_TRUE(ParsedConfig({"docs"}).job->stands_alone());
    EXPECT_FALSE(ParsedConfig({"show"}).job->stands_alone());
    EXPECT_FALSE(ParsedConfig({"check"}).job->stands_alone());
}

TEST(ConfigJob, IsNeitherRecordedNorLocked) {
    EXPECT_EQ(config_job_entry().info.kind, JobKind::inspect);
    EXPECT_EQ(config_job_entry().info.name, "config");
}

}  // namespace
}  // namespace caretaker
