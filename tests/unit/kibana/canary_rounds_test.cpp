// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/canary_rounds.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::minutes;

WallTime at(std::int64_t minute) {
    return WallTime(minutes(minute));
}

/// Everything before that minute.
WatchSpan until(std::int64_t minute) {
    return {WallTime(minutes(0)), at(minute)};
}

using Agents = std::vector<std::string>;

/// Of that minute, through two proxies: "10 a" and "10 b".
CanaryRound round_of(std::int64_t minute) {
    return {.sent = at(minute),
            .proxies = 2,
            .awaited = {fmt::format("{} a", minute), fmt::format("{} b", minute)}};
}

/// Rounds every ten minutes from 10 on, of two proxies, of which so many lines came.
CanaryRounds rounds_of(const std::vector<std::int64_t>& lines) {
    CanaryRounds rounds;
    Agents came;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const CanaryRound round = round_of(static_cast<std::int64_t>(i + 1) * 10);
        came.insert(came.end(), round.awaited.begin(), round.awaited.begin() + lines[i]);
        rounds.add(round);
    }
    rounds.take(came);
    return rounds;
}

using Spans = std::vector<WatchSpan>;

TEST(CanaryRounds, LeaveNoHoleWhereAllCame) {
    EXPECT_EQ(CanaryRounds().holes(at(1'000)), Spans{});
    EXPECT_EQ(rounds_of({2, 2, 2, 2}).holes(at(1'000)), Spans{});
}

TEST(CanaryRounds, LeaveAHoleFromTheLastThatCameToTheNext) {
    EXPECT_EQ(rounds_of({2, 1, 2}).holes(at(1'000)), (Spans{{at(10), at(30)}}));
    EXPECT_EQ(rounds_of({2, 2, 0, 1, 2, 2, 0, 2}).holes(at(1'000)),
              (Spans{{at(20), at(50)}, {at(60), at(80)}}));
    EXPECT_EQ(rounds_of({0, 2}).holes(at(1'000)), (Spans{{WallTime::min(), at(20)}}));
    EXPECT_EQ(rounds_of({2, 0}).holes(at(1'000)), (Spans{{at(10), WallTime::max()}}));
}

TEST(CanaryRounds, MayStillBeOnTheirWay) {
    CanaryRounds rounds = rounds_of({2, 2});
    rounds.add(round_of(30));
    EXPECT_EQ(rounds.holes(at(30)), Spans{});
    EXPECT_EQ(rounds.missing(until(30)), std::vector<CanaryRound>{});
    EXPECT_EQ(rounds.holes(at(31)), (Spans{{at(20), WallTime::max()}}));
    EXPECT_EQ(rounds.missing(until(31)), std::vector<CanaryRound>{round_of(30)});
}

TEST(CanaryRounds, MayComeLate) {
    CanaryRounds rounds = rounds_of({2, 0, 1, 2});
    ASSERT_EQ(rounds.missing(until(1'000)).size(), 2U);
    rounds.take({"20 a", "20 b"});
    EXPECT_EQ(rounds.holes(at(1'000)), (Spans{{at(20), at(40)}}));
    rounds.take({"30 b"});  // its other one is known
    EXPECT_EQ(rounds.holes(at(1'000)), Spans{});
}

TEST(CanaryRounds, AreNotThoseOfAnotherRunOrProxy) {
    CanaryRounds rounds = rounds_of({2, 0, 2});
    rounds.take({"20 a", "20 a", "21 b", "b"});  // one proxy twice, and somebody else's
    EXPECT_EQ(rounds.holes(at(1'000)), (Spans{{at(10), at(30)}}));
}

TEST(CanaryRounds, AreFewHoweverOftenTheyAreSent) {
    CanaryRounds rounds;
    for (std::int64_t minute = 1; minute < 10'000; ++minute) {
        for (const CanaryRound& round : rounds.missing(until(minute))) {
            rounds.take(round.awaited);
        }
        rounds.add(round_of(minute));
    }
    EXPECT_EQ(rounds.holes(at(9'999)), Spans{});
    EXPECT_LE(rounds.missing(until(10'000)).size(), 1U);
    for (std::int64_t minute = 10'000; minute < 10'200; ++minute) {
        rounds.add(round_of(minute));
    }
    EXPECT_EQ(rounds.missing(until(20'000)).size(), 63U);
    EXPECT_EQ(rounds.holes(at(20'000)), (Spans{{at(9'998), WallTime::max()}}));
    rounds.forget_before(at(10'199));
    EXPECT_EQ(rounds.missing(until(20'000)).size(), 1U);
}

TEST(CanaryRounds, AreKeptAsText) {
    const CanaryRounds rounds = rounds_of({2, 1, 2});
    JsonWriter json;
    rounds.write(json);
    const std::string text(json.text());
    EXPECT_EQ(CanaryRounds::read(JsonDocument::parse(text, "test").root()), rounds) << text;
    for (const char* const wrong :
         {"[[1,2]]", "[[1,2,3]]", "[[-1,2,[]]]", "[[1,2,[3]]]", "[1]", "{}"}) {
        const JsonDocument document = JsonDocument::parse(wrong, "test");
        EXPECT_THROW(CanaryRounds::read(document.root()), JsonError) << wrong;
    }
}

}  // namespace
}  // namespace caretaker
