// SPDX-License-Identifier: Apache-2.0
// The lines of `lag judge`: what is read, what is refused and with which words, what is answered.
#include "jobs/lag/lag_judge_line.hpp"

#include "common/json/json_error.hpp"
#include "common/output/json_writer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

std::string error_of(std::string_view text) {
    try {
        parse_judge_line(text, "line 7");
    } catch (const JsonError& error) {
        return error.what();
    }
    return "no error";
}

/// A line that is right but for what is said here.
std::string line_with(std::string_view members) {
    std::string line = R"({"id":"a",)" + std::string(members);
    for (const auto& [key, value] : {std::pair{"points", "[[1,2,3]]"},
                                     std::pair{"ends", "[4]"},
                                     std::pair{"lag", "3"},
                                     std::pair{"now_ms", "9"}}) {
        if (line.find('"' + std::string(key) + '"') == std::string::npos) {
            line += (line.ends_with(',') ? "\"" : ",\"") + std::string(key) + "\":" + value;
        }
    }
    return line + "}";
}

TEST(LagJudgeLine, ReadsEveryMember) {
    const JudgeLine line = parse_judge_line(
        R"({"id":"g t/0","points":[[1,1000,2],[3,2000,null]],"ends":[7,8],"lag":5,"now_ms":3000,)"
        R"("allowed_lag":1,"min_silence_s":0.5,"min_points":3,"live_owner":true})",
        "line 1");
    EXPECT_EQ(std::get<std::string>(line.id), "g t/0");
    EXPECT_EQ(line.points, (std::vector<CommitPoint>{{1, 1000, 2}, {3, 2000, std::nullopt}}));
    EXPECT_EQ(line.ends, (std::vector<std::int64_t>{7, 8}));
    EXPECT_EQ(line.lag, 5);
    EXPECT_EQ(line.now_ms, 3000);
    EXPECT_EQ(line.parameters.allowed_lag, 1);
    EXPECT_EQ(line.parameters.min_silence_ms, 500);
    EXPECT_EQ(line.parameters.min_points, 3);
    EXPECT_TRUE(line.live_owner);
}

TEST(LagJudgeLine, TakesThePlainRulesWhereNothingElseIsSaid) {
    const JudgeLine line = parse_judge_line(line_with("\"lag\":3"), "line 1");
    EXPECT_EQ(line.parameters.allowed_lag, 0);
    EXPECT_EQ(line.parameters.min_silence_ms, 0);
    EXPECT_EQ(line.parameters.min_points, 1);
    EXPECT_FALSE(line.live_owner);
}

TEST(LagJudgeLine, RefusesAKeyThatIsThereTwice) {
    EXPECT_NE(error_of(line_with(R"("lag":3,"lag":4)")).find("$.lag is there twice"),
              std::string::npos);
    EXPECT_NE(error_of(line_with(R"("note":3,"note":3)")).find("$.note is there twice"),
              std::string::npos);
}

TEST(LagJudgeLine, NotesTimesThatFall) {
    const auto falling = [](const std::string& points) {
        return parse_judge_line(line_with("\"points\":" + points), "line 1").falling_time;
    };
    EXPECT_EQ(falling("[[1,1000,2],[3,1000,2],[4,2000,2]]"), std::nullopt);
    EXPECT_EQ(falling("[[1,1000,2],[3,999,2],[4,2,2]]"), std::optional<std::size_t>(1));
}

TEST(LagJudgeLine, TakesANumberForAnId) {
    const JudgeLine line =
        parse_judge_line(R"({"id":17,"points":[],"ends":[],"lag":0,"now_ms":0})", "line 1");
    EXPECT_EQ(std::get<std::int64_t>(line.id), 17);
}

TEST(LagJudgeLine, RefusesWhatIsNoCase) {
    const std::string advice = "; caretaker lag judge --help shows a line";
    const auto complaint = [&](std::string_view members) { return error_of(line_with(members)); };
    EXPECT_EQ(error_of("[]"), "line 7: $ is an array, not an object" + advice);
    EXPECT_EQ(error_of("{}"), "line 7: $.id is missing" + advice);
    EXPECT_EQ(error_of("{\"id\":\"a\""), "line 7: the JSON ends too early, at byte 9" + advice);
    EXPECT_EQ(error_of("{} {}").substr(0, 25), "line 7: no JSON at byte 3");
    EXPECT_EQ(error_of(R"({"id":null})"), "line 7: $.id is not a text or a whole number" + advice);
    EXPECT_EQ(error_of(R"({"id":"a","points":[],"ends":[]})"), "line 7: $.lag is missing" + advice);
    EXPECT_EQ(
        complaint("\"points\":[[1,2]]"),
        "line 7: $.points[0] has 2 values, not three: [offset, commit_ms, lag or null]" + advice);
    EXPECT_EQ(complaint("\"points\":[[1,2,3],[1,2,-3]]"),
              "line 7: $.points[1][2] is -3, and must not be negative" + advice);
    EXPECT_EQ(complaint("\"points\":[[null,2,3]]"),
              "line 7: $.points[0][0] is null, not a whole number" + advice);
    EXPECT_EQ(complaint("\"points\":[[1.5,2,3]]"),
              "line 7: $.points[0][0] is not a whole number of 64 bits" + advice);
    EXPECT_EQ(complaint("\"ends\":[-1]"),
              "line 7: $.ends[0] is -1, and must not be negative" + advice);
    EXPECT_EQ(complaint("\"lag\":\"3\""), "line 7: $.lag is a text, not a whole number" + advice);
    EXPECT_EQ(complaint("\"lag\":9223372036854775808"),
              "line 7: $.lag is not a whole number of 64 bits" + advice);
    EXPECT_EQ(complaint("\"live_owner\":1"),
              "line 7: $.live_owner is a number, not a boolean" + advice);
    EXPECT_EQ(complaint("\"min_silence_s\":-1"),
              "line 7: $.min_silence_s is not a number of seconds from 0 on" + advice);
    EXPECT_EQ(complaint("\"min_silense_s\":1"),
              "line 7: $.min_silense_s is not a known key; did you mean 'min_silence_s'?" + advice);
}

TEST(LagJudgeLine, PassesOverKeysOfOthers) {
    EXPECT_EQ(parse_judge_line(line_with(R"("comment":"x","taken_by":1)"), "line 1").unknown_keys,
              (std::vector<std::string>{"comment", "taken_by"}));
}

TEST(LagJudgeLine, AnswersInOneLine) {
    JsonWriter json;
    JudgeLine line{.id = "g \"t\"/0"};
    write_judgement(json,
                    line,
                    {.status = LagStatus::rewind,
                     .rules = {.recently_caught_up = true, .rewind_index = 2, .stalled = true}});
    line.id = 4;
    write_judgement(json, line, {});
    EXPECT_EQ(
        json.text(),
        "{\"id\":\"g \\\"t\\\"/0\",\"status\":\"REWIND\",\"rules\":{\"stopped\":false,"
        "\"recently_caught_up\":true,\"rewind_index\":2,\"lag_always_above_allowed\":false,"
        "\"stalled\":true,\"lag_not_decreasing\":false}}\n"
        "{\"id\":4,\"status\":\"OK\",\"rules\":{\"stopped\":false,\"recently_caught_up\":false,"
        "\"rewind_index\":null,\"lag_always_above_allowed\":false,\"stalled\":false,"
        "\"lag_not_decreasing\":false}}\n");
}

}  // namespace
}  // namespace caretaker
