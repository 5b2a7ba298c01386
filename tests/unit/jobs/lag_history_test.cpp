// SPDX-License-Identifier: Apache-2.0
// Verdicts over several runs: a cluster in memory that is measured minute by minute.
#include "jobs/lag/lag_history.hpp"

#include "common/store/database.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/migrations.hpp"
#include "common/store/schema.hpp"
#include "jobs/lag/lag_gather.hpp"
#include "jobs/lag/lag_selection.hpp"
#include "tests/support/fake_kafka.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace caretaker {
namespace {

constexpr std::chrono::minutes minute{1};

class LagHistory : public testing::Test {
 protected:
    LagHistory() {
        kafka.add_topic("t", 1, 0, 1'000);
        group().commits = {{{"t", 0}, 1'000}};
    }

    FakeKafkaGroup& group() { return kafka.groups["g"]; }

    std::int64_t& commit() { return group().commits[{"t", 0}]; }

    std::int64_t& end() { return kafka.topics["t"].partitions[0].end; }

    std::int64_t& start() { return kafka.topics["t"].partitions[0].start; }

    /// A run a minute after the last one, or after `pause`.
    const ClusterLag& run(std::chrono::milliseconds pause = minute) {
        now_ += pause;
        cluster_ = measure_lag(gather_lag(kafka, LagSelection({})));
        outcome_ = judge_by_history(cluster_, memory_ ? &*memory_ : nullptr, rules, now_, scope);
        return cluster_;
    }

    void runs(int count) {
        for (int i = 0; i < count; ++i) {
            run();
        }
    }

    [[nodiscard]] const GroupVerdict& verdict() const { return cluster_.groups.at(0).verdict; }

    [[nodiscard]] const PartitionVerdict& partition() const { return verdict().partitions.at(0); }

    [[nodiscard]] std::string status() const {
        return std::string(to_string(partition().status)) + " " +
               std::string(to_string(verdict().status));
    }

    void set_owner() { group().members = {{.member_id = "m", .assignment = {{"t", {0}}}}}; }

    static Database& migrated(Database& database) {
        migrate(database, schema_steps());
        return database;
    }

    [[nodiscard]] std::vector<std::string> names_and_statuses() const {
        std::vector<std::string> words;
        for (const GroupLag& one : cluster_.groups) {
            words.push_back(one.group.name + " " + std::string(to_string(one.verdict.status)));
        }
        return words;
    }

    /// A run that would see every group.
    void expect_all_groups() {
        scope = {.expects = [](std::string_view) { return true; }, .all_groups = true};
    }

    FakeKafka kafka;
    HistoryScope scope;
    LagRuleSet rules;
    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
    std::optional<JobMemory> memory_{std::in_place, migrated(database_), "lag", "prod"};
    WallTime now_{std::chrono::milliseconds(1'790'000'000'000)};
    ClusterLag cluster_;
    HistoryOutcome outcome_;
};

TEST_F(LagHistory, NeverAlarmsInTheFirstRun) {
    end() = 5'000'000;
    run();
    EXPECT_EQ(status(), "OK OK");
    EXPECT_EQ(partition().time_lag_ms, PartitionVerdict::no_time);
    EXPECT_FALSE(partition().complete);
}

TEST_F(LagHistory, SeesAConsumerThatStopped) {
    runs(3);
    for (int i = 0; i < 9; ++i) {
        end() += 100;
        run();
        EXPECT_EQ(status(), "OK OK") << i << ": it was at the end a few runs ago";
    }
    end() += 100;
    run();
    EXPECT_EQ(status(), "STOP ERR");
    set_owner();
    run();
    EXPECT_EQ(status(), "STALL ERR") << "a member owns the partition";
}

TEST_F(LagHistory, StillKnowsOfAConsumerThatStoppedLongAgo) {
    for (int i = 0; i < 90; ++i) {
        end() += 100;
        run();
    }
    EXPECT_EQ(status(), "STOP ERR");
}

TEST_F(LagHistory, WarnsOfAConsumerThatNeverGetsCloser) {
    end() = 2'000;
    for (int i = 0; i < 2; ++i) {
        commit() += 10;
        end() += 20;
        run();
        EXPECT_EQ(status(), "OK OK");
    }
    commit() += 10;
    end() += 20;
    run();
    EXPECT_EQ(status(), "WARN WARN");
    commit() += 900;
    run();
    EXPECT_EQ(status(), "OK OK");
}

TEST_F(LagHistory, AllowsALagThatIsSetForTheGroup) {
    rules = LagRuleSet({}, {{.groups = *NamePattern::parse("g*").pattern, .allowed_lag = 5'000}});
    end() = 2'000;
    for (int i = 0; i < 5; ++i) {
        commit() += 10;
        end() += 20;
        run();
    }
    EXPECT_EQ(status(), "OK OK");
}

TEST_F(LagHistory, SeesAConsumerThatWentBackToTheStart) {
    runs(2);
    commit() = 0;
    run();
    EXPECT_EQ(status(), "REWIND ERR");
    commit() = 1'000;
    run();
    EXPECT_EQ(status(), "OK OK");
}

TEST_F(LagHistory, TellsOfLostRecordsAtOnce) {
    start() = 1'500;
    end() = 2'000;
    run();
    EXPECT_EQ(status(), "LOST ERR");
}

TEST_F(LagHistory, TakesOneCommitBeyondTheEndForARaceAndTwoForTheTruth) {
    run();
    commit() = 1'001;
    run();
    EXPECT_EQ(status(), "OK OK");
    run();
    EXPECT_EQ(status(), "AHEAD WARN");
}

TEST_F(LagHistory, WarnsOfAnOwnerThatNeverCommits) {
    group().commits.clear();
    set_owner();
    runs(9);
    EXPECT_EQ(status(), "NOCOMMIT OK");
    run();
    EXPECT_EQ(status(), "NOCOMMIT WARN");
    end() = 0;
    run();
    EXPECT_EQ(status(), "NOCOMMIT OK") << "there is nothing to read";
}

TEST_F(LagHistory, DoesNotJudgeWhatItCouldNotRead) {
    runs(2);
    kafka.topics["t"].partitions[0].leader = -1;
    run();
    EXPECT_EQ(status(), "NOLEADER UNKNOWN");
    group().offsets_problem = {KafkaFailure::timed_out, "no answer"};
    run();
    EXPECT_EQ(verdict().status, GroupStatus::unknown);
}

TEST_F(LagHistory, MeasuresLagInTime) {
    run();
    EXPECT_EQ(partition().time_lag_ms, 0);
    for (int i = 0; i < 4; ++i) {
        end() += 100;
        run();
    }
    // The end was at 1 000 four minutes ago, and has grown evenly since.
    EXPECT_EQ(partition().time_lag_ms, 4 * 60'000);
    commit() = 1'250;
    run(std::chrono::seconds(0) + minute);
    EXPECT_EQ(partition().time_lag_ms, 60'000 + 90'000);
    EXPECT_FALSE(partition().time_is_least);
    commit() = 500;
    run();
    EXPECT_EQ(partition().time_lag_ms, 6 * 60'000);
    EXPECT_TRUE(partition().time_is_least);
}

TEST_F(LagHistory, IsCompleteAfterTenRuns) {
    runs(9);
    EXPECT_EQ(verdict().complete, 0);
    run();
    EXPECT_EQ(verdict().complete, 1);
}

TEST_F(LagHistory, JudgesNothingBeforeItIsCompleteEnough) {
    rules = LagRuleSet({.minimum_complete = 0.5});
    end() = 2'000;
    for (int i = 0; i < 5; ++i) {
        commit() += 10;
        end() += 20;
        EXPECT_EQ(i == 0 || status() == "OK OK", true);
        run();
    }
    EXPECT_EQ(status(), "WARN WARN") << "five runs of ten";
}

TEST_F(LagHistory, CallsAGroupThatHasNotMovedForAWeekExpired) {
    run();
    end() += 100;
    for (int i = 0; i < 7 * 24; ++i) {
        run(std::chrono::hours(1));
        ASSERT_EQ(verdict().status, i < 5 ? verdict().status : GroupStatus::err) << i;
    }
    run(std::chrono::milliseconds(1));
    EXPECT_EQ(verdict().status, GroupStatus::expired);
    EXPECT_EQ(verdict().err, 0);
    EXPECT_FALSE(verdict().worst);
    EXPECT_EQ(partition().weight, GroupStatus::ok) << "nor is any of its partitions judged";
}

TEST_F(LagHistory, BeginsAnewAfterALongPause) {
    runs(2);
    end() += 100;
    run(std::chrono::hours(1) + std::chrono::milliseconds(1));
    EXPECT_EQ(status(), "OK OK");
    EXPECT_FALSE(partition().complete);
    end() += 100;
    run(std::chrono::hours(1));
    EXPECT_EQ(status(), "STOP ERR") << "just within the time";
}

TEST_F(LagHistory, JudgesNothingByAClockThatWentBackAndGoesOnFromThere) {
    runs(12);
    end() += 100;
    run(-std::chrono::hours(2));
    EXPECT_TRUE(outcome_.clock_went_back);
    EXPECT_EQ(status(), "OK OK");
    run();
    EXPECT_FALSE(outcome_.clock_went_back);
    EXPECT_EQ(status(), "OK OK") << "windows from the time to come are begun anew";
}

TEST_F(LagHistory, GoesOnWithoutAStoreAsIfEachRunWasTheFirst) {
    memory_.reset();
    end() += 100;
    runs(20);
    EXPECT_EQ(status(), "OK OK");
}

TEST_F(LagHistory, BeginsAnewWhereAnEntryCannotBeRead) {
    runs(3);
    database_.execute("UPDATE memory SET body = x'0102' WHERE kind <> 'run'");
    run();
    EXPECT_EQ(outcome_.unreadable, 2);
    EXPECT_EQ(status(), "OK OK");
    run();
    EXPECT_EQ(outcome_.unreadable, 0);
}

TEST_F(LagHistory, WondersWhereAllGroupsWent) {
    run();
    EXPECT_FALSE(outcome_.groups_vanished);
    kafka.groups.clear();
    run();
    EXPECT_TRUE(outcome_.groups_vanished) << "as just after a broker's start";
    run(std::chrono::hours(1));
    EXPECT_FALSE(outcome_.groups_vanished);
}

TEST_F(LagHistory, WritesOfAGroupThatRestsOnlyNowAndThen) {
    runs(12);
    const std::string count =
        "SELECT count(*) FROM memory WHERE kind = 'window' AND updated_ms >= " +
        std::to_string(now_.time_since_epoch().count());
    run();
    EXPECT_EQ(database_.integer(count), 0);
    runs(16);
    EXPECT_EQ(database_.integer(count), 1);
}

using Names = std::vector<std::string>;

TEST_F(LagHistory, TellsOnceThatAGroupIsGone) {
    expect_all_groups();
    kafka.groups["h"] = group();
    run();
    EXPECT_TRUE(outcome_.gone.empty());
    const FakeKafkaGroup kept = group();
    kafka.groups.erase("g");
    run();
    EXPECT_EQ(outcome_.gone, Names{"g"});
    EXPECT_EQ(names_and_statuses(), Names{"h OK"});
    run();
    EXPECT_TRUE(outcome_.gone.empty()) << "it was told";
    kafka.groups["g"] = kept;
    run();
    EXPECT_TRUE(outcome_.gone.empty());
    kafka.groups.erase("g");
    run();
    EXPECT_EQ(outcome_.gone, Names{"g"}) << "it had come back";
}

TEST_F(LagHistory, RemembersTheGroupsThatARunShouldSee) {
    const auto remembered = [&] {
        return find_remembered_groups(*memory_, rules, now_ + minute, scope);
    };
    EXPECT_EQ(remembered(), Names{});
    kafka.groups["a"] = group();
    kafka.groups["h"] = group();
    run();
    EXPECT_EQ(remembered(), Names{}) << "where it looks for certain groups alone";
    scope.expects = [](std::string_view name) { return name != "a"; };
    EXPECT_EQ(remembered(), (Names{"g", "h"}));
    kafka.groups.erase("h");
    run();
    EXPECT_EQ(outcome_.gone, Names{"h"});
    EXPECT_EQ(remembered(), Names{"g"});
    now_ += std::chrono::minutes(76);
    EXPECT_EQ(remembered(), Names{});
}

TEST_F(LagHistory, CallsGroupsUnknownAndNotGoneWhereNotAllCouldBeListed) {
    expect_all_groups();
    kafka.groups["a"] = group();
    kafka.groups["z"] = group();
    run();
    kafka.groups["a"].listed = false;
    kafka.groups["z"].listed = false;
    kafka.listing_problems = {{KafkaFailure::no_leader, "1 of 50 have no leader"}};
    run();
    EXPECT_TRUE(outcome_.gone.empty());
    EXPECT_EQ(names_and_statuses(), (Names{"a UNKNOWN", "g OK", "z UNKNOWN"}));
    EXPECT_TRUE(cluster_.groups.front().remembered);
    EXPECT_FALSE(cluster_.groups[1].remembered);
    kafka.listing_problems.clear();
    kafka.groups["a"].listed = true;
    run();
    EXPECT_EQ(outcome_.gone, Names{"z"}) << "now it is certain";
    EXPECT_EQ(names_and_statuses(), (Names{"a OK", "g OK"}));
}

TEST_F(LagHistory, KeepsTheWindowsOfGroupsThatAreUnknown) {
    expect_all_groups();
    kafka.groups["other"] = group();
    runs(3);
    end() += 100;
    group().listed = false;
    kafka.listing_problems = {{KafkaFailure::timed_out, "did not answer in time", 2}};
    runs(12);
    EXPECT_EQ(names_and_statuses(), (Names{"g UNKNOWN", "other ERR"}));
    group().listed = true;
    kafka.listing_problems.clear();
    run();
    EXPECT_EQ(status(), "STOP ERR") << "it did not begin anew";
}

TEST_F(LagHistory, TakesAClusterWithoutAnyGroupForOneThatCannotListThem) {
    expect_all_groups();
    run();
    group().listed = false;
    run();
    EXPECT_TRUE(outcome_.groups_vanished);
    EXPECT_TRUE(outcome_.gone.empty());
    EXPECT_EQ(names_and_statuses(), Names{"g UNKNOWN"});
}

TEST_F(LagHistory, ConcludesNothingFromGroupsThatItDidNotLookFor) {
    kafka.groups["h"] = group();
    expect_all_groups();
    run();
    kafka.groups.erase("g");
    scope.expects = {};
    run();
    EXPECT_TRUE(outcome_.gone.empty());
    scope.expects = [](std::string_view name) { return name == "h"; };
    run();
    EXPECT_TRUE(outcome_.gone.empty());
    scope.expects = [](std::string_view name) { return name == "g"; };
    run();
    EXPECT_EQ(outcome_.gone, Names{"g"});
}

TEST_F(LagHistory, ForgetsGroupsThatWereSeenLastBeforeTheWindow) {
    kafka.groups["h"] = group();
    expect_all_groups();
    run();
    kafka.groups.erase("g");
    run(std::chrono::minutes(76));
    EXPECT_TRUE(outcome_.gone.empty());
}

TEST_F(LagHistory, EstimatesHowLongAGroupTakesAtTheSpeedOfItsWindow) {
    kafka.add_topic("u", 1, 0, 500);
    group().commits[{"u", 0}] = 500;
    end() = 2'000;
    run();
    EXPECT_EQ(verdict().drain_ms, std::nullopt) << "one point tells no speed";
    commit() += 100;  // of 1 000 behind
    run();
    EXPECT_EQ(verdict().drain_ms, 9 * 60'000) << "900 are left, and it read 100 in a minute";
    end() += 500;
    commit() += 100;
    run();
    EXPECT_EQ(verdict().drain_ms, std::nullopt) << "it does not get closer";
    commit() = end();
    run();
    EXPECT_EQ(verdict().drain_ms, 0);
}

}  // namespace
}  // namespace caretaker
