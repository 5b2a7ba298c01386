// SPDX-License-Identifier: Apache-2.0
// How progress looks, and how seldom it is written.
#include "common/output/progress_bar.hpp"

#include "tests/support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

const Stage half{.doing = "reading offsets", .unit = "groups", .total = 120, .done = 60};

TEST(ProgressLook, ShowsABarWhereTheTotalIsKnownAndThereIsRoom) {
    EXPECT_EQ(format_progress_bar(half, 79),
              "[##########..........]  50%  60 of 120 groups  reading offsets");
    EXPECT_EQ(format_progress_bar(half, 59), "60 of 120 groups  reading offsets");
    EXPECT_EQ(format_progress_bar(half, 12), "60 of 120 g…");
    EXPECT_EQ(format_progress_bar({.doing = "looking again"}, 79), "looking again");
    EXPECT_EQ(format_progress_bar({.doing = "listing", .unit = "topics", .done = 7}, 79),
              "7 topics  listing");
}

TEST(ProgressLook, StaysWithinItsBoundsWhateverTheNumbers) {
    const auto front = [](std::int64_t done, std::int64_t total) {
        return format_progress_bar({.doing = "x", .total = total, .done = done}, 79).substr(0, 27);
    };
    EXPECT_EQ(front(0, 0), "[....................]   0%");
    EXPECT_EQ(front(5, 5), "[####################] 100%");
    EXPECT_EQ(front(9, 5), "[####################] 100%");
    EXPECT_EQ(front(-1, 5), "[....................]   0%");
}

TEST(ProgressLook, IsASentenceInTheLog) {
    EXPECT_EQ(format_progress_line(half), "reading offsets: 60 of 120 groups");
    EXPECT_EQ(format_progress_line({.doing = "looking again"}), "looking again");
}

class ProgressBarTest : public ::testing::Test {
 protected:
    ProgressBar make(bool escapes) {
        return {clock_, 80, escapes, [this](std::string_view text) { written_ += text; }};
    }

    std::string take() { return std::exchange(written_, {}); }

    FakeClock clock_;
    std::string written_;
};

TEST_F(ProgressBarTest, ShowsNothingOfShortWork) {
    {
        ProgressBar bar = make(true);
        bar.begin("reading offsets", "groups", 2);
        clock_.advance(499ms);
        bar.update(2);
    }
    EXPECT_EQ(written_, "");
}

TEST_F(ProgressBarTest, WritesAtMostTenTimesASecond) {
    ProgressBar bar = make(true);
    bar.begin("reading", "groups", 1000);
    clock_.advance(500ms);
    int writes = 0;
    for (int i = 0; i < 1000; ++i) {
        bar.update(i);
        writes += take().empty() ? 0 : 1;
        clock_.advance(1ms);
    }
    EXPECT_EQ(writes, 10);
}

TEST_F(ProgressBarTest, WritesOverItselfAndClearsUp) {
    ProgressBar bar = make(true);
    clock_.advance(1s);
    bar.begin("reading", "groups", 4);
    EXPECT_EQ(take(), "\r[....................]   0%  0 of 4 groups  reading\x1B[K");
    bar.clear();
    EXPECT_EQ(take(), "\r\x1B[K");
    bar.clear();
    EXPECT_EQ(take(), "") << "there is nothing left to clear";
}

TEST_F(ProgressBarTest, UsesBlanksWhereNoEscapeSequenceMayBe) {
    ProgressBar bar = make(false);
    clock_.advance(1s);
    bar.begin("listing topics", {}, std::nullopt);
    EXPECT_EQ(take(), "\rlisting topics");
    clock_.advance(1s);
    bar.begin("x", {}, std::nullopt);
    EXPECT_EQ(take(), "\rx             ");
    bar.clear();
    EXPECT_EQ(take(), "\r \r");
}

TEST_F(ProgressBarTest, IsGoneWithItsOwner) {
    {
        ProgressBar bar = make(true);
        clock_.advance(1s);
        bar.begin("x", {}, std::nullopt);
        take();
    }
    EXPECT_EQ(take(), "\r\x1B[K");
}

TEST(ProgressLines, TellOfLongWorkEveryHalfMinute) {
    FakeClock clock;
    std::vector<std::string> lines;
    ProgressLines progress(clock, [&](const std::string& line) { lines.push_back(line); });
    progress.begin("reading", "groups", 100);
    for (int i = 1; i <= 89; ++i) {
        clock.advance(1s);
        progress.update(i);
    }
    EXPECT_EQ(lines,
              (std::vector<std::string>{"reading: 30 of 100 groups", "reading: 60 of 100 groups"}));
}

}  // namespace
}  // namespace caretaker
