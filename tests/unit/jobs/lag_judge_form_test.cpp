// SPDX-License-Identifier: Apache-2.0
// `lag judge` as a command: what becomes of right and of wrong lines, and what does not go with it.
#include "jobs/lag/lag_judge_form.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/cli/command_line.hpp"
#include "jobs/lag/lag_job.hpp"
#include "tests/support/text_input.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

const std::string right = R"({"id":"a","points":[],"ends":[],"lag":0,"now_ms":0})"
                          "\n";

Report judge(const std::string& text) {
    Log log(LogLevel::off, LogFormat::plain);
    return judge_lines(text_input(text), log);
}

std::int64_t answers(const Report& report) {
    return std::ranges::count(report.document, '\n');
}

TEST(LagJudgeForm, AnswersEachLine) {
    const Report report = judge(right + "  \r\n\n" + right);
    EXPECT_EQ(report.outcome, Outcome::ok);
    EXPECT_EQ(answers(report), 2);
}

TEST(LagJudgeForm, WritesEachAnswerBeforeItReadsTheNextLine) {
    Log log(LogLevel::off, LogFormat::plain);
    std::vector<std::string> events;
    int lines_left = 2;
    const InputSource source = [&](std::span<char> buffer) {
        if (lines_left-- == 0) {
            return std::size_t{0};
        }
        events.emplace_back("read");
        std::ranges::copy(right, buffer.begin());
        return right.size();
    };
    const Report report = judge_lines(source, log, [&](std::string_view answer) {
        events.emplace_back(answer.ends_with('\n') ? "answer" : "part of an answer");
        return true;
    });
    EXPECT_EQ(events, (std::vector<std::string>{"read", "answer", "read", "answer"}));
    EXPECT_EQ(report.document, "");
    EXPECT_EQ(report.items_seen, 2);
}

TEST(LagJudgeForm, ReadsNoFurtherOnceNobodyTakesTheAnswers) {
    Log log(LogLevel::off, LogFormat::plain);
    int answers = 0;
    judge_lines(text_input(right + right), log, [&](std::string_view) {
        ++answers;
        return false;
    });
    EXPECT_EQ(answers, 1);
}

TEST(LagJudgeForm, HasNothingToSayToNoLine) {
    const Report report = judge("");
    EXPECT_EQ(report.outcome, Outcome::ok);
    EXPECT_EQ(report.document, "");
}

TEST(LagJudgeForm, AnswersTheRightLinesBesideWrongOnes) {
    const Report report = judge(right + "{\n" + right);
    EXPECT_EQ(report.outcome, Outcome::partial);
    EXPECT_EQ(answers(report), 2);
    EXPECT_EQ(report.items_seen, 3);
    EXPECT_EQ(report.items_failed, 1);
}

TEST(LagJudgeForm, FailsWhenNoLineIsRight) {
    EXPECT_EQ(judge("{\n[\n").outcome, Outcome::failed);
}

TEST(LagJudgeForm, IsNoRunAndTakesNothingThatBelongsToOne) {
    const std::array registry{lag_job_entry()};
    const CommandLine command = parse_command_line(registry, {"lag", "judge"});
    EXPECT_EQ(command.job->kind_of_form(JobKind::check), JobKind::inspect);
    EXPECT_TRUE(command.job->stands_alone());
    for (const char* option : {"--group=a", "--nagios", "--by=topic"}) {
        try {
            parse_command_line(registry, {"lag", "judge", option});
            FAIL() << option;
        } catch (const UsageError& error) {
            EXPECT_NE(std::string(error.what()).find("does not go with 'caretaker lag judge'"),
                      std::string::npos)
                << error.what();
        }
    }
    EXPECT_EQ(parse_command_line(registry, {"lag"}).job->kind_of_form(JobKind::check),
              JobKind::check);
}

}  // namespace
}  // namespace caretaker
