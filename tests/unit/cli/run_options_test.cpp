// SPDX-License-Identifier: Apache-2.0
// The options of a run, as they are typed.
#include "common/cli/run_options.hpp"

#include "common/base/error.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/cli/command_line.hpp"
#include "common/options/command_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>

namespace caretaker {
namespace {

class NamedJob final : public Job {
 public:
    void describe(CommandOptions& /*command*/) override {}

    Report run(Context& /*context*/) override { return {}; }
};

class NamedUpkeepJob final : public UpkeepJob {
 public:
    void describe(CommandOptions& /*command*/) override {}

    std::unique_ptr<UpkeepTask> begin(Context& /*context*/) override { return nullptr; }
};

template <typename Kind>
std::unique_ptr<Job> make() {
    return std::make_unique<Kind>();
}

JobEntry entry(std::string_view name, JobKind kind) {
    return {
        .info = {.name = name, .summary = "s", .kind = kind, .timeout = std::chrono::minutes(5)},
        .make = kind == JobKind::upkeep ? make<NamedUpkeepJob> : make<NamedJob>};
}

RunOptions parse(std::vector<std::string> args) {
    static const std::array jobs{entry("purge", JobKind::upkeep),
                                 entry("look", JobKind::check),
                                 entry("show", JobKind::inspect)};
    return *parse_command_line(jobs, std::move(args)).run;
}

std::string error_of(std::vector<std::string> args) {
    try {
        parse(std::move(args));
    } catch (const UsageError& error) {
        return error.what();
    }
    return "no error";
}

TEST(Registered, JobsThatChangeThingsAreUpkeepJobs) {
    JobEntry wrong = entry("purge", JobKind::upkeep);
    wrong.make = make<NamedJob>;
    EXPECT_THROW(parse_command_line(std::array{wrong}, {"purge"}), std::logic_error);
    wrong = entry("look", JobKind::check);
    wrong.make = make<NamedUpkeepJob>;
    EXPECT_THROW(parse_command_line(std::array{wrong}, {"look"}), std::logic_error);
}

TEST(RunOptions, HaveTheDocumentedDefaults) {
    const RunOptions options = parse({"purge"});
    EXPECT_EQ(options.timeout, std::nullopt);
    EXPECT_EQ(options.on_locked, std::nullopt) << "as the job has it, or skip";
    EXPECT_EQ(options.max_skips, 3);
    EXPECT_FALSE(options.dry_run || options.yes || options.nagios);
    EXPECT_EQ(options.max_actions, std::nullopt);
    EXPECT_EQ(options.max_percent, std::nullopt);
}

TEST(RunOptions, StandBeforeOrAfterTheCommand) {
    EXPECT_TRUE(parse({"purge", "--yes"}).yes);
    EXPECT_TRUE(parse({"--yes", "purge"}).yes);
    EXPECT_TRUE(parse({"purge", "-n"}).dry_run);
    EXPECT_EQ(parse({"--timeout", "90s", "look"}).timeout, std::chrono::seconds(90));
    EXPECT_EQ(parse({"look", "--timeout=1h30m"}).timeout, std::chrono::minutes(90));
}

TEST(RunOptions, KnowHowToTreatALock) {
    EXPECT_EQ(parse({"look", "--on-locked", "fail"}).on_locked, OnLocked::fail);
    EXPECT_EQ(parse({"look", "--on-locked", "skip"}).on_locked, OnLocked::skip);
    EXPECT_EQ(parse({"look", "--on-locked", "wait"}).on_locked, OnLocked::wait);
    EXPECT_EQ(parse({"look", "--on-locked", "wait"}).lock_wait, std::nullopt);
    EXPECT_EQ(parse({"look", "--on-locked", "wait:5m"}).lock_wait, std::chrono::minutes(5));
}

TEST(RunOptions, ReadPercentagesWithAndWithoutTheirSign) {
    EXPECT_EQ(parse({"purge", "--max-percent", "5"}).max_percent, 5.0);
    EXPECT_EQ(parse({"purge", "--max-percent", "2.5%"}).max_percent, 2.5);
    EXPECT_EQ(parse({"purge", "--max-percent", "100%"}).max_percent, 100.0);
    EXPECT_EQ(parse({"purge", "--max-actions", "0"}).max_actions, 0);
}

TEST(RunOptions, ReadCodesThatAreToBeZero) {
    const std::vector<ExitCode> codes{ExitCode::partial, ExitCode::findings, ExitCode::locked};
    EXPECT_EQ(parse({"look", "--exit-zero", "partial,findings,locked"}).exit_zero, codes);
    EXPECT_EQ(parse({"look", "--fail-on", "warn"}).fail_on, Severity::warn);
}

struct Wrong {
    std::vector<std::string> args;
    std::string words;
};

// The words make the test's name; without this it would hold addresses, another one each time.
void PrintTo(const Wrong& wrong, std::ostream* out) {
    *out << fmt::format("{}", fmt::join(wrong.args, " "));
}

class WrongRunOption : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongRunOption, IsNamedWithWhatToWrite) {
    EXPECT_NE(error_of(GetParam().args).find(GetParam().words), std::string::npos)
        << error_of(GetParam().args);
}

INSTANTIATE_TEST_SUITE_P(
    Forms,
    WrongRunOption,
    ::testing::Values(
        Wrong{{"look", "--timeout", "90"}, "--timeout: '90' is not a duration; write 90s"},
        Wrong{{"look", "--timeout", "0s"}, "'0s' is not a duration"},
        Wrong{{"look", "--timeout", "-1s"}, "'-1s' is not a duration"},
        Wrong{{"look", "--timeout", ""}, "'' is not a duration"},
        Wrong{{"look", "--on-locked", "sleep"}, "write skip, fail, wait or wait:30s"},
        Wrong{{"look", "--on-locked", "wait:"}, "--on-locked: '' is not a duration"},
        Wrong{{"look", "--on-locked", "wait:soon"}, "'soon' is not a duration"},
        Wrong{{"look", "--max-skips", "-1"}, "'-1' is not a whole number from 0 on"},
        Wrong{{"look", "--max-skips", "99999999999999999999"}, "--max-skips"},
        Wrong{{"look", "--fail-on", "bad"}, "write info, low, warn, high or critical"},
        Wrong{{"look", "--exit-zero", "partial,find"}, "'find' is no exit code"},
        Wrong{{"look", "--exit-zero", "partal"}, "did you mean partial"},
        Wrong{{"look", "--exit-zero", "usage"}, "'usage' is no exit code that can be"},
        Wrong{{"look", "--exit-zero", "signal"}, "'signal' is no exit code that can be"},
        Wrong{{"look", "--trigger", "me"}, "'me' is not chronos, jenkins, cron or manual"},
        Wrong{{"look", "--nagios", "-o", "json"}, "leave out --output"},
        Wrong{{"purge", "--max-percent", "101"}, "'101' is not between 0% and 100%"},
        Wrong{{"purge", "--max-percent", "-1"}, "'-1' is not between 0% and 100%"},
        Wrong{{"purge", "--max-percent", "5%%"}, "'5%%' is not between 0% and 100%"},
        Wrong{{"purge", "--max-percent", "nan"}, "'nan' is not between 0% and 100%"},
        Wrong{{"purge", "--max-percent", "1e1"}, "'1e1' is not between 0% and 100%"},
        Wrong{{"purge", "--max-percent", "%"}, "'%' is not between 0% and 100%"},
        Wrong{{"purge", "--max-actions", "-5"}, "'-5' is not a whole number from 0 on"},
        Wrong{{"purge", "--max-actions", "many"}, "'many' is not a whole number from 0 on"},
        Wrong{{"look", "--yes"}, "--yes is for jobs that change things; look only reads"},
        Wrong{{"--dry-run", "look"}, "--dry-run is for jobs that change things"},
        Wrong{{"show", "--timeout", "1s"}, "--timeout is for jobs; show records no run"},
        Wrong{{"--nagios", "show"}, "--nagios is for jobs; show records no run"}));

/// Has a form that takes --nagios, as `store check` does, and one that changes the store.
class JobWithForms final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add_form("check", "c").add_flag("--nagios", unused_, "n");
        change_ = command.add_form("change", "c");
    }

    [[nodiscard]] bool changes_store() const override { return change_.is_given(); }

    Report run(Context& /*context*/) override { return {}; }

 private:
    CommandOptions change_{};
    bool unused_ = false;
};

TEST(RunOptions, LetAFormHaveNagiosWhereItsCommandHasNot) {
    JobEntry keep = entry("keep", JobKind::administer);
    keep.make = make<JobWithForms>;
    const auto nagios = [&](std::vector<std::string> args) {
        return parse_command_line(std::array{keep}, std::move(args)).run->nagios;
    };
    EXPECT_TRUE(nagios({"keep", "check", "--nagios"}));
    EXPECT_FALSE(nagios({"keep", "check"}));
    EXPECT_THROW(nagios({"keep", "change", "--nagios"}), UsageError);
    keep.info.takes_nagios = true;
    EXPECT_TRUE(nagios({"keep", "--nagios"}));
    EXPECT_TRUE(nagios({"--nagios", "keep"}));
    EXPECT_THROW(nagios({"keep", "change", "--nagios"}), UsageError) << "a change judges nothing";
}

TEST(Help, IsShortForWhoNamesNoCommand) {
    EXPECT_EQ(error_of({}),
              "no command given\n"
              "Usage: caretaker COMMAND [OPTIONS]\n"
              "\n"
              "Commands:\n"
              "  purge                       s\n"
              "  look                        s\n"
              "  show                        s\n"
              "\n"
              "Run caretaker COMMAND --help for examples, caretaker --help for all options");
    EXPECT_EQ(error_of({"-v"}), "no command given; see caretaker --help");
}

TEST(Help, LeadsWithTheExamples) {
    JobEntry look = entry("look", JobKind::check);
    look.info.examples = "  caretaker look\n      to look\n";
    const auto help = parse_command_line(std::array{look}, {"look", "--help"}).text.value_or("");
    const auto usage = help.find("Usage: ");
    const auto examples = help.find("\n\nExamples:\n  caretaker look\n      to look\n\n");
    const auto options = help.find("Options:");
    const auto rest = help.find("\n\nOptions of every command: ");
    ASSERT_NE(examples, std::string::npos) << help;
    EXPECT_LT(usage, examples);
    EXPECT_LT(examples, options);
    EXPECT_LT(options, rest);
    EXPECT_EQ(help.find("Examples:", examples + 3), std::string::npos) << "once";
    EXPECT_EQ(help.find("\n\n\n", examples), std::string::npos) << help;
}

TEST(RunOptions, AreShownInTheHelpOfTheJobsThatTakeThem) {
    const std::array jobs{entry("purge", JobKind::upkeep),
                          entry("look", JobKind::check),
                          entry("show", JobKind::inspect)};
    const auto help = [&](const char* job) {
        return parse_command_line(jobs, {job, "--help"}).text.value();
    };
    EXPECT_NE(help("purge").find("--max-percent P"), std::string::npos);
    EXPECT_NE(help("purge").find("(default 5m)"), std::string::npos);
    EXPECT_NE(help("look").find("--timeout DURATION"), std::string::npos);
    EXPECT_EQ(help("look").find("--yes"), std::string::npos);
    EXPECT_EQ(help("show").find("--timeout"), std::string::npos);
    const std::string program = parse_command_line(jobs, {"--help"}).text.value();
    EXPECT_EQ(program.find("--timeout"), std::string::npos) << program;
}

}  // namespace
}  // namespace caretaker
