// SPDX-License-Identifier: Apache-2.0
#include "common/cli/repeated_arguments.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

std::string repeat(const Words& recorded, const Words& given) {
    return fmt::format("{}", fmt::join(repeat_arguments(recorded, given), " "));
}

TEST(RepeatedArguments, AreThoseOfTheRunWhenNothingElseWasGiven) {
    EXPECT_EQ(repeat({"lag", "--group", "a", "-q"}, {"again", "last:lag"}), "lag --group a -q");
    EXPECT_EQ(repeat({}, {}), "");
}

TEST(RepeatedArguments, GiveWayToWhatWasGivenThisTime) {
    EXPECT_EQ(repeat({"lag", "-o", "none", "--by", "topic"}, {"again", "last", "-o", "json"}),
              "lag --by topic -o json");
    EXPECT_EQ(
        repeat({"lag", "-onone", "--output=csv", "--output", "jsonl"}, {"again", "-ojson", "last"}),
        "lag -ojson");
    EXPECT_EQ(repeat({"--store", "a.db", "lag"}, {"--store=b.db", "again", "last"}),
              "lag --store=b.db");
    EXPECT_EQ(repeat({"lag", "--config", "a", "--config", "b"},
                     {"again", "last", "--config", "c", "--config", "d"}),
              "lag --config c --config d");
}

TEST(RepeatedArguments, LetTheLoudnessOfThisTimeHold) {
    EXPECT_EQ(repeat({"lag", "-q"}, {"again", "last", "-v"}), "lag -v");
    EXPECT_EQ(repeat({"lag", "-vv", "--no-progress"}, {"again", "last", "--quiet", "--utc"}),
              "lag --no-progress --quiet --utc");
}

TEST(RepeatedArguments, LeaveValuesThatLookLikeOptionsOfTheJobAlone) {
    EXPECT_EQ(
        repeat({"lag", "--store-like", "x", "--group", "again"}, {"again", "last", "--store", "y"}),
        "lag --store-like x --group again --store y");
}

TEST(RepeatedArguments, LeaveTheCompleteJudgementOfAHalfOptionToTheCommandLine) {
    EXPECT_EQ(repeat({"lag"}, {"again", "last", "-o"}), "lag -o");
}

}  // namespace
}  // namespace caretaker
