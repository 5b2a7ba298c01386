// SPDX-License-Identifier: Apache-2.0
// The program at a terminal: what it changes there is looks alone.
#include "common/text/display_width.hpp"
#include "testjob_runs.hpp"
#include "tests/sandbox/fake_kafka_cluster.hpp"
#include "tests/sandbox/kafka_scenario.hpp"
#include "tests/support/pseudo_terminal.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

class AtATerminal : public ::testing::Test {
 protected:
    void SetUp() override {
        SKIP_WITHOUT_TERMINAL(terminal_);
        terminal_.set_width(200);
    }

    /// What stands on the screen after a command of the product's own binary.
    std::string screen_of(const std::vector<std::string>& args, const Variables& variables = {}) {
        Command command = runs_.command(args, at_xterm(variables));
        command.argv.front() = CARETAKER_BINARY;
        std::string screen;
        EXPECT_EQ(terminal_.run(command, screen).code, 0) << screen;
        return screen;
    }

    std::string screen_of_testjob(const std::vector<std::string>& args,
                                  const Variables& variables = {}) {
        std::string screen;
        EXPECT_EQ(terminal_.run(runs_.command(args, at_xterm(variables)), screen).code, 0)
            << screen;
        return screen;
    }

    /// Later entries win.
    static Variables at_xterm(const Variables& more) {
        Variables all{{"TERM", "xterm-256color"}, {"TZ", "CET-1"}};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    static bool has_escape(const std::string& screen) {
        return screen.find('\x1B') != std::string::npos;
    }

    static bool has(const std::string& screen, std::string_view text) {
        return screen.find(text) != std::string::npos;
    }

    TestjobRuns runs_;
    PseudoTerminal terminal_;
};

TEST_F(AtATerminal, ShowsStatesInColour) {
    runs_.run({"idle", "--end", "failed"});
    EXPECT_TRUE(has(screen_of({"status"}), "\x1B[31mcritical\x1B[0m"));
    EXPECT_TRUE(has(screen_of_testjob({"idle"}), "\x1B[32mOK\x1B[0m  idle default"));
}

TEST_F(AtATerminal, WritesNoEscapeByteWhereNoneMayBe) {
    runs_.run({"idle", "--end", "failed"});
    EXPECT_FALSE(has_escape(screen_of({"status"}, {{"NO_COLOR", "1"}})));
    EXPECT_FALSE(has_escape(screen_of({"status"}, {{"TERM", "dumb"}})));
    EXPECT_FALSE(has_escape(screen_of({"status", "--color", "never"})));
    EXPECT_FALSE(has_escape(screen_of_testjob({"idle", "--wait", "1"}, {{"NO_COLOR", "1"}})));
    EXPECT_TRUE(has_escape(screen_of({"status", "--color", "always"}, {{"NO_COLOR", "1"}})));
    Command piped = runs_.command({"status", "--color", "always"});
    piped.argv.front() = CARETAKER_BINARY;
    EXPECT_TRUE(has_escape(run_command(piped).out));
    piped.argv.pop_back();
    piped.argv.back() = "-q";
    EXPECT_FALSE(has_escape(run_command(piped).out));
}

TEST_F(AtATerminal, FitsTablesToItsWidth) {
    runs_.run({"idle", "--end", "failed"});
    for (const std::string command : {"history", "status", "doctor"}) {
        for (const std::size_t width : {50U, 70U, 100U}) {
            terminal_.set_width(static_cast<unsigned short>(width));
            std::istringstream lines(screen_of({command, "--color", "never"}));
            for (std::string line; std::getline(lines, line);) {
                line.erase(line.find_last_not_of('\r') + 1);
                const bool is_cell_line = !line.starts_with("OK") && !line.starts_with("FAILED");
                EXPECT_TRUE(!is_cell_line || display_width(line) <= width)
                    << command << ' ' << width << ": " << line;
            }
        }
    }
    terminal_.set_width(300);
    const std::string wide = screen_of({"history"});
    EXPECT_FALSE(has(wide, "…") || has(wide, "left out")) << wide;
    terminal_.set_width(20);
    EXPECT_FALSE(has(screen_of({"history"}, {{"LC_ALL", "C"}}), "…"));
}

TEST_F(AtATerminal, ShowsTimesOfItsZoneOrUtcWhenAsked) {
    runs_.run({"idle"});
    EXPECT_TRUE(has(screen_of({"history"}), "+01:00  "));
    EXPECT_FALSE(has(screen_of({"history", "--utc"}), "+01:00"));
    EXPECT_TRUE(has(screen_of({"history", "--utc"}), "Z  "));
    EXPECT_FALSE(has(screen_of({"history", "-o", "json"}), "+01:00")) << "JSON has UTC anywhere";
}

TEST_F(AtATerminal, ShowsProgressOfLongWorkAndTakesItAway) {
    const std::string screen = screen_of_testjob({"idle", "--wait", "2"});
    const std::size_t bar = screen.find("] ");
    ASSERT_TRUE(has(screen, "\r[##########..........]  50%  1 of 2 seconds  idling\x1B[K"))
        << screen;
    const std::size_t cleared = screen.rfind("\r\x1B[K");
    ASSERT_NE(cleared, std::string::npos);
    EXPECT_LT(bar, cleared);
    EXPECT_TRUE(has(screen.substr(cleared), "OK")) << "the result comes after the bar has gone";
}

TEST_F(AtATerminal, ShowsProgressWithBlanksUnderNoColor) {
    const std::string screen = screen_of_testjob({"idle", "--wait", "2"}, {{"NO_COLOR", "1"}});
    EXPECT_TRUE(has(screen, "\r[##########..........]  50%  1 of 2 seconds  idling")) << screen;
    EXPECT_FALSE(has_escape(screen));
}

TEST_F(AtATerminal, ShowsNoProgressWhereItWouldDisturb) {
    const std::string bar = "1 of 2 seconds";
    const std::vector<std::string> idle{"idle", "--wait", "2"};
    for (const std::vector<std::string>& more :
         std::vector<std::vector<std::string>>{{"--no-progress"}, {"-q"}, {"-o", "json"}}) {
        std::vector<std::string> args = idle;
        args.insert(args.end(), more.begin(), more.end());
        EXPECT_FALSE(has(screen_of_testjob(args), bar)) << more.front();
    }
    EXPECT_FALSE(has(screen_of_testjob(idle, {{"TERM", "dumb"}}), bar));
    EXPECT_FALSE(has(runs_.run(idle).err, bar)) << "nor where stderr is no terminal";
}

TEST_F(AtATerminal, LogsSentencesAndElsewhereLinesForPrograms) {
    const Variables too_small{{"CARETAKER_STORE", "/nonexistent/deep/caretaker.db"}};
    EXPECT_TRUE(has(screen_of_testjob({"idle"}, too_small), "warning:\x1B[0m "));
    EXPECT_TRUE(has(runs_.run({"idle"}, too_small).err, "level=warning msg="));
    Variables json = too_small;
    json.emplace_back("CARETAKER_LOG_FORMAT", "json");
    const std::string lines = runs_.run({"idle"}, json).err;
    EXPECT_TRUE(has(lines, "\"log.level\":\"warning\",\"message\":")) << lines;
    EXPECT_TRUE(has(lines, "\"caretaker.job\":\"idle\"")) << lines;
}

TEST_F(AtATerminal, DrawsTheLagOfTheLastRuns) {
    const sandbox::FakeKafkaCluster cluster(sandbox::make_grid_scenario(1, 3, 1, 3));
    const std::vector<std::string> lag{
        "lag", "--bootstrap-server", cluster.bootstrap_servers(), "--no-statsd"};
    EXPECT_TRUE(has(screen_of(lag), "TREND"));
    EXPECT_TRUE(has(screen_of(lag), "██")) << "the same lag as before";
    EXPECT_TRUE(has(screen_of(lag, {{"LC_ALL", "C"}}), "##"));
    std::vector<std::string> json = lag;
    json.insert(json.end(), {"-o", "json"});
    EXPECT_FALSE(has(screen_of(json), "trend"));
    Command piped = runs_.command(lag);
    piped.argv.front() = CARETAKER_BINARY;
    EXPECT_FALSE(has(run_command(piped).out, "TREND"));
}

}  // namespace
}  // namespace caretaker::testing
