// SPDX-License-Identifier: Apache-2.0
// How jobs stand, as it is read back.
#include "common/store/store.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {

namespace {

constexpr WallTime later = first_start + std::chrono::hours(1);

class Standings : public testing::Test {
 protected:
    void run(int number,
             Outcome outcome,
             const std::string& job = "lag",
             const std::string& target = "prod") {
        close(make_run(number, job, target), number, outcome, {});
    }

    void close(const RunInfo& info, int number, Outcome outcome, const Report& report) {
        const std::int64_t id = store_->begin_run(info);
        store_->close_run(id, make_close(report, number, outcome));
        store_->record_delivery(id, 10, number);
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
};

TEST_F(Standings, OfAnEmptyStoreAreNone) {
    EXPECT_TRUE(store_->standings("", "", later).empty());
    EXPECT_TRUE(store_->runs_under_way().empty());
}

TEST_F(Standings, ComeByJobAndTarget) {
    run(1, Outcome::ok, "lag", "test");
    run(2, Outcome::ok, "lag", "prod");
    run(3, Outcome::ok, "cleanup", "prod");
    const auto all = store_->standings("", "", later);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].job, "cleanup");
    EXPECT_EQ(all[1].target, "prod");
    EXPECT_EQ(all[2].target, "test");
    EXPECT_EQ(store_->standings("lag", "", later).size(), 2U);
    EXPECT_EQ(store_->standings("", "prod", later).size(), 2U);
    EXPECT_EQ(store_->standings("lag", "prod", later).size(), 1U);
    EXPECT_TRUE(store_->standings("rotate", "", later).empty());
}

TEST_F(Standings, HoldTheNewestRunsAndTheStreaks) {
    run(1, Outcome::ok);
    run(2, Outcome::failed);
    run(3, Outcome::timeout);
    const JobStanding standing = store_->standings("", "", later).at(0);
    ASSERT_EQ(standing.marks.size(), 3U);
    const RunMark& newest = standing.marks.front();
    EXPECT_EQ(newest.uid, make_uid(3));
    EXPECT_EQ(newest.outcome, "timeout");
    EXPECT_EQ(newest.started_at, make_run(3).started_at);
    EXPECT_EQ(newest.ended_at, make_close({}, 3).ended_at);
    EXPECT_EQ(newest.duration, std::chrono::milliseconds(2500));
    EXPECT_EQ(newest.trigger, "chronos");
    EXPECT_EQ(newest.exit_code, 0);
    EXPECT_EQ(newest.metrics_sent, 10);
    EXPECT_EQ(newest.metrics_dropped, 3);
    EXPECT_EQ(standing.bad_streak, 2);
    EXPECT_EQ(standing.last_ok, make_close({}, 1).ended_at);
}

TEST_F(Standings, RememberTwentyOneRunsAndNoDryOnes) {
    for (int number = 1; number <= 25; ++number) {
        RunInfo info = make_run(number);
        info.dry_run = number > 23;
        close(info, number, Outcome::ok, {});
    }
    const JobStanding standing = store_->standings("", "", later).at(0);
    EXPECT_EQ(standing.marks.size(), marks_of_a_standing);
    EXPECT_EQ(standing.marks.front().uid, make_uid(23));
}

TEST_F(Standings, IncludeAJobWhoseFirstRunIsUnderWay) {
    store_->begin_run(make_run(1));
    const JobStanding standing = store_->standings("", "", later).at(0);
    ASSERT_EQ(standing.marks.size(), 1U);
    EXPECT_EQ(standing.marks[0].outcome, "running");
    EXPECT_EQ(standing.last_ok, std::nullopt);
    EXPECT_EQ(standing.bad_streak, 0);
}

TEST_F(Standings, CountOpenFindingsBySeverityWithoutAcknowledgedOnes) {
    Report report;
    report.findings = {make_finding("a"),
                       make_finding("b"),
                       make_finding("c", Severity::critical),
                       make_finding("gone", Severity::info)};
    close(make_run(1), 1, Outcome::ok, report);
    report.findings.pop_back();
    close(make_run(2), 2, Outcome::ok, report);
    const std::int64_t acked = store_->findings({}).at(0).id;
    store_->acknowledge(acked, later, "");

    const JobStanding before = store_->standings("", "", later - std::chrono::hours(1)).at(0);
    EXPECT_EQ(before.open_findings, (std::array<std::int64_t, 5>{0, 0, 2, 0, 0}));
    EXPECT_EQ(before.acknowledged_findings, 1);
    const JobStanding after = store_->standings("", "", later).at(0);
    EXPECT_EQ(after.open_findings, (std::array<std::int64_t, 5>{0, 0, 2, 0, 1}));
    EXPECT_EQ(after.acknowledged_findings, 0);
}

TEST_F(Standings, ListRunsUnderWayOldestFirst) {
    store_->begin_run(make_run(1));
    run(2, Outcome::ok);
    store_->begin_run(make_run(3, "cleanup", "test"));
    const auto runs = store_->runs_under_way();
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].uid, make_uid(1));
    EXPECT_EQ(runs[1].job, "cleanup");
    EXPECT_EQ(runs[1].target, "test");
    EXPECT_EQ(runs[1].host, "agent-1");
    EXPECT_EQ(runs[1].started_at, make_run(3).started_at);
}

}  // namespace

}  // namespace caretaker
