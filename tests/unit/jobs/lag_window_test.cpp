// SPDX-License-Identifier: Apache-2.0
// What a run adds to the window of a partition, and what it lets go.
#include "jobs/lag/lag_window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace caretaker {
namespace {

using Points = std::vector<CommitPoint>;

constexpr std::int64_t minute = 60'000;

/// A window that runs keep adding to.
class Window {
 public:
    explicit Window(WindowRules rules = {}) : rules_(rules) {}

    Window& see(const WindowSighting& seen) {
        Points after;
        state_ = update_window({state_, points_}, seen, rules_, after).state;
        points_ = after;
        return *this;
    }

    /// A commit with that lag, at that minute.
    Window& commit(std::int64_t at, std::int64_t offset, std::int64_t lag) {
        return see({.at_ms = at * minute, .committed = offset, .end = offset + lag});
    }

    [[nodiscard]] const Points& points() const { return points_; }

    [[nodiscard]] const WindowState& state() const { return state_; }

 private:
    WindowRules rules_;
    WindowState state_{};
    Points points_{};
};

TEST(LagWindow, AddsAPointOnlyWhereTheOffsetMoved) {
    Window window;
    window.commit(1, 10, 5).commit(2, 10, 8).commit(3, 12, 7);
    EXPECT_EQ(window.points(), (Points{{10, minute, 5}, {12, 3 * minute, 7}}));
    EXPECT_EQ(window.state().runs, 3);
}

TEST(LagWindow, IsCompleteAfterAsManyRunsAsIntervals) {
    Window window({.intervals = 3});
    for (int run = 1; run <= 5; ++run) {
        window.commit(run, 10, 5);
        EXPECT_EQ(window.state().runs, std::min(run, 3));
    }
}

TEST(LagWindow, LearnsNothingFromWhatCouldNotBeRead) {
    Window window;
    window.commit(1, 10, 5);
    window.see({.at_ms = 2 * minute, .committed = 11});  // the end is not known
    window.see({.at_ms = 3 * minute, .end = 20, .commit_known = false});
    EXPECT_EQ(window.points(), (Points{{10, minute, 5}}));
    EXPECT_EQ(window.state().runs, 1);
    EXPECT_EQ(window.state().runs_no_commit, 0);
}

TEST(LagWindow, CountsTheRunsWithoutACommit) {
    Window window({.intervals = 2});
    window.commit(1, 10, 5);
    for (int run = 1; run <= 3; ++run) {
        window.see({.at_ms = (1 + run) * minute, .end = 20});
        EXPECT_EQ(window.state().runs_no_commit, std::min(run, 2));
    }
    EXPECT_TRUE(window.points().empty()) << "the commit is gone: it expired, or was deleted";
    window.commit(9, 10, 5);
    EXPECT_EQ(window.state().runs_no_commit, 0);
}

TEST(LagWindow, KnowsWhetherTheLastCommitWasAhead) {
    Window window;
    window.see({.at_ms = minute, .committed = 21, .end = 20});
    EXPECT_TRUE(window.state().was_ahead);
    EXPECT_EQ(window.points(), (Points{{21, minute, 0}}));
    window.see({.at_ms = 2 * minute, .committed = 21, .end = 21});
    EXPECT_FALSE(window.state().was_ahead);
}

TEST(LagWindow, KeepsAsManyPointsAsIntervals) {
    Window window({.intervals = 3});
    for (int run = 1; run <= 5; ++run) {
        window.commit(run, 10 * run, 5);
    }
    EXPECT_EQ(window.points(),
              (Points{{30, 3 * minute, 5}, {40, 4 * minute, 5}, {50, 5 * minute, 5}}));
}

TEST(LagWindow, ForgetsOldPointsButNeverTheLast) {
    Window window({.max_age_ms = 10 * minute});
    window.commit(1, 10, 5).commit(2, 20, 5).commit(11, 20, 9);
    EXPECT_EQ(window.points(), (Points{{10, minute, 5}, {20, 2 * minute, 5}})) << "just old enough";
    window.commit(12, 20, 9);
    EXPECT_EQ(window.points(), (Points{{20, 2 * minute, 5}}));
    window.commit(600, 20, 99);
    EXPECT_EQ(window.points(), (Points{{20, 2 * minute, 5}}));
}

TEST(LagWindow, KeepsOnlyTheTimeOfWhatWasBeforeTheGroupCaughtUp) {
    Window window({.intervals = 4, .allowed_lag = 2});
    window.commit(1, 10, 5).commit(2, 20, 3);
    EXPECT_EQ(window.points().size(), 2U);
    window.commit(7, 30, 2);
    EXPECT_EQ(window.points(), (Points{{30, 7 * minute, 2}}));
    EXPECT_EQ(window.state().early_points, 2);
    EXPECT_EQ(window.state().early_s, 6U * 60U);
    window.commit(8, 40, 9);
    EXPECT_EQ(window.points(), (Points{{30, 7 * minute, 2}, {40, 8 * minute, 9}}));
    EXPECT_EQ(window.state().early_s, 6U * 60U);
    window.commit(9, 50, 9);
    EXPECT_EQ(window.state().early_points, 1) << "four points are the window";
    EXPECT_EQ(window.state().early_s, 3U * 60U);
    window.commit(10, 60, 9).commit(11, 70, 9);
    EXPECT_EQ(window.state().early_points, 0);
    EXPECT_EQ(window.state().early_s, 0U);
    EXPECT_EQ(window.points().size(), 4U);
}

TEST(LagWindow, LetsEarlyPointsGrowOldToo) {
    Window window({.max_age_ms = 10 * minute});
    window.commit(1, 10, 0).commit(5, 20, 0).commit(9, 30, 0);
    EXPECT_EQ(window.state().early_s, 8U * 60U);
    window.commit(11, 30, 7);
    EXPECT_EQ(window.state().early_points, 2);
    window.commit(12, 30, 7);
    EXPECT_EQ(window.state().early_points, 1);
    EXPECT_EQ(window.state().early_s, 4U * 60U);
    window.commit(600, 30, 7);
    EXPECT_EQ(window.state().early_points, 0);
    EXPECT_EQ(window.points(), (Points{{30, 9 * minute, 0}}));
}

/// All points of the window, as the rules are written for.
class FullWindow {
 public:
    explicit FullWindow(WindowRules rules) : rules_(rules) {}

    void commit(std::int64_t at_ms, std::int64_t offset, std::int64_t lag) {
        if (points_.empty() || points_.back().offset != offset) {
            points_.push_back({offset, at_ms, lag});
        }
        while (std::ssize(points_) > rules_.intervals ||
               (points_.size() > 1 && at_ms - points_.front().at_ms > rules_.max_age_ms)) {
            points_.erase(points_.begin());
        }
    }

    [[nodiscard]] const Points& points() const { return points_; }

 private:
    WindowRules rules_;
    Points points_{};
};

/// Hours of a consumer that is looked at each minute, in which 10 records come.
struct Consumer {
    std::int64_t every = 1;   // minutes between commits
    std::int64_t behind = 0;  // of the end, at a commit
    std::int64_t stops_at = 1'000'000;
};

/// In how many minutes the kept window comes to another verdict than the full one.
int count_differences(const Consumer& consumer, std::int64_t allowed_lag) {
    const WindowRules rules{.allowed_lag = allowed_lag};
    Window kept(rules);
    FullWindow full(rules);
    std::int64_t committed = 0;
    int differences = 0;
    for (std::int64_t at = consumer.every; at <= 400; ++at) {
        const std::int64_t end = 10 * at + 1'000;
        if (at % consumer.every == 0 && at < consumer.stops_at) {
            committed = end - consumer.behind;
        }
        const std::int64_t lag = end - committed;
        kept.commit(at, committed, lag);
        full.commit(at * minute, committed, lag);
        const JudgeParameters parameters{.allowed_lag = allowed_lag};
        const auto by_kept = judge_partition({.points = kept.points(),
                                              .lag = lag,
                                              .now_ms = at * minute,
                                              .early_ms = early_ms(kept.state())},
                                             parameters);
        const auto by_full = judge_partition(
            {.points = full.points(), .lag = lag, .now_ms = at * minute}, parameters);
        differences += by_kept.status != by_full.status ? 1 : 0;
    }
    return differences;
}

TEST(LagWindow, ComesToTheVerdictOfAllPoints) {
    for (std::int64_t every = 1; every <= 45; ++every) {
        for (const std::int64_t behind : {0, 3, 300}) {
            for (const std::int64_t stops_at : {150, 1'000'000}) {
                for (const std::int64_t allowed_lag : {0, 5, 500}) {
                    EXPECT_EQ(
                        count_differences({.every = every, .behind = behind, .stops_at = stops_at},
                                          allowed_lag),
                        0)
                        << every << " " << behind << " " << stops_at << " " << allowed_lag;
                }
            }
        }
    }
}

TEST(LagWindow, KeepsWhereItWentBackFrom) {
    Window window;
    window.commit(1, 100, 0).commit(2, 3, 0);
    EXPECT_EQ(window.points(), (Points{{100, minute, 0}, {3, 2 * minute, 0}}));
    window.commit(3, 4, 0);
    EXPECT_EQ(window.points().size(), 3U) << "a later rule looks at the step back";
    EXPECT_EQ(window.state().early_points, 0);
}

TEST(LagWindow, JoinsPointsThatAreTooClose) {
    Window window({.min_distance_ms = 2 * minute});
    window.commit(1, 10, 5).commit(2, 20, 9);
    EXPECT_EQ(window.points(), (Points{{20, minute, 9}})) << "the new offset with the older time";
    window.commit(3, 30, 8);
    EXPECT_EQ(window.points(), (Points{{20, minute, 9}, {30, 3 * minute, 8}}));
}

TEST(WindowList, FindsAPartitionsWindow) {
    WindowList list;
    EXPECT_TRUE(list.find(0).points.empty());
    list.add({.partition = 2, .runs = 4}, Points{{1, 2, 3}});
    list.add({.partition = 5, .runs = 6}, Points{{4, 5, 6}, {7, 8, 9}});
    EXPECT_EQ(list.find(2).points.size(), 1U);
    EXPECT_EQ(list.find(5).points.back(), (CommitPoint{7, 8, 9}));
    EXPECT_EQ(list.find(5).state.runs, 6);
    for (const std::int32_t missing : {0, 3, 6}) {
        EXPECT_EQ(list.find(missing).state, (WindowState{.partition = missing}));
    }
}

}  // namespace
}  // namespace caretaker
