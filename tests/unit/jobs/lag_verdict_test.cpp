// SPDX-License-Identifier: Apache-2.0
// From evidence about a partition to its verdict, and from these to that of the group.
#include "jobs/lag/lag_verdict.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

PartitionEvidence evidence_of(PartitionState state) {
    return {.state = state, .lag = {.lag = 5}, .has_records = true};
}

std::string verdict_of(const PartitionEvidence& evidence, const LagRules& rules = {}) {
    const PartitionVerdict verdict = judge_evidence(evidence, rules);
    return std::string(to_string(verdict.status)) + " " + std::string(to_string(verdict.weight));
}

TEST(LagVerdict, SaysOfEachStateWhatItCounts) {
    const std::vector<std::pair<PartitionState, std::string>> cases{
        {PartitionState::measured, "OK OK"},
        {PartitionState::lost, "LOST ERR"},
        {PartitionState::ahead, "OK OK"},
        {PartitionState::no_commit, "NOCOMMIT OK"},
        {PartitionState::unknown_topic, "NOTOPIC OK"},
        {PartitionState::no_leader, "NOLEADER OK"},
        {PartitionState::forbidden, "UNKNOWN OK"},
        {PartitionState::timed_out, "UNKNOWN OK"},
        {PartitionState::loading, "UNKNOWN OK"},
        {PartitionState::unsupported, "UNKNOWN OK"},
        {PartitionState::failed, "UNKNOWN OK"},
    };
    for (const auto& [state, expected] : cases) {
        EXPECT_EQ(verdict_of(evidence_of(state)), expected) << to_string(state);
    }
}

TEST(LagVerdict, BelievesACommitBeyondTheEndTheSecondTime) {
    PartitionEvidence evidence = evidence_of(PartitionState::ahead);
    evidence.was_ahead_before = true;
    EXPECT_EQ(verdict_of(evidence), "AHEAD WARN");
}

TEST(LagVerdict, WarnsOfAMissingCommitAfterAllIntervalsAndOnlyWhereThereAreRecords) {
    PartitionEvidence evidence = evidence_of(PartitionState::no_commit);
    evidence.window.state.runs_no_commit = 9;
    EXPECT_EQ(verdict_of(evidence), "NOCOMMIT OK");
    evidence.window.state.runs_no_commit = 10;
    EXPECT_EQ(verdict_of(evidence), "NOCOMMIT WARN");
    evidence.has_records = false;
    EXPECT_EQ(verdict_of(evidence), "NOCOMMIT OK");
}

TEST(LagVerdict, ComesFromTheWindow) {
    const std::vector<CommitPoint> points{{1, 1'000, 5}, {2, 2'000, 5}, {3, 3'000, 5}};
    const std::vector<std::int64_t> ends{8};
    PartitionEvidence evidence = evidence_of(PartitionState::measured);
    evidence.window = {.state = {.runs = 3}, .points = points};
    evidence.ends = ends;
    evidence.now_ms = 4'000;
    EXPECT_EQ(verdict_of(evidence), "WARN WARN");
    EXPECT_EQ(verdict_of(evidence, {.min_points = 4}), "OK OK");
    EXPECT_EQ(verdict_of(evidence, {.allowed_lag = 5}), "OK OK");
    EXPECT_EQ(verdict_of(evidence, {.minimum_complete = 0.3}), "WARN WARN");
    EXPECT_EQ(verdict_of(evidence, {.minimum_complete = 0.31}), "OK OK");
    evidence.now_ms = 302'999;
    EXPECT_EQ(verdict_of(evidence), "WARN WARN") << "silent for less than five minutes";
    evidence.now_ms = 303'000;
    EXPECT_EQ(verdict_of(evidence), "STOP ERR");
    evidence.live_owner = true;
    EXPECT_EQ(verdict_of(evidence), "STALL ERR");
}

TEST(LagVerdict, IsCompleteAfterAllIntervals) {
    PartitionEvidence evidence = evidence_of(PartitionState::measured);
    evidence.window.state.runs = 9;
    EXPECT_FALSE(judge_evidence(evidence, {}).complete);
    evidence.window.state.runs = 10;
    EXPECT_TRUE(judge_evidence(evidence, {}).complete);
}

TEST(LagVerdict, KeepsLagInTimeWithinItsRange) {
    PartitionVerdict verdict;
    set_time_lag(verdict, 1'500, false);
    EXPECT_EQ(verdict.time_lag_ms, 1'500);
    EXPECT_FALSE(verdict.time_is_least);
    set_time_lag(verdict, std::numeric_limits<std::int64_t>::max(), false);
    EXPECT_EQ(verdict.time_lag_ms, PartitionVerdict::longest_ms);
    EXPECT_TRUE(verdict.time_is_least);
    set_time_lag(verdict, -5, true);
    EXPECT_EQ(verdict.time_lag_ms, 0);
}

TEST(LagVerdict, OfAPartIsThatOfItsWorstAndSlowestPartitions) {
    const std::vector<PartitionVerdict> partitions{
        {.time_lag_ms = 10, .weight = GroupStatus::warn},
        {.time_lag_ms = 30, .weight = GroupStatus::ok, .time_is_least = true},
        {.weight = GroupStatus::err}};
    const PartVerdict part = judge_part(partitions);
    EXPECT_EQ(part.status, GroupStatus::err);
    EXPECT_EQ(part.time_lag_ms, 30);
    EXPECT_TRUE(part.time_is_least);
    EXPECT_EQ(judge_part({}).time_lag_ms, PartitionVerdict::no_time);
}

TEST(LagVerdict, OfAPartSaysNoZeroWhereALagInTimeIsNotKnown) {
    const PartitionVerdict caught_up{.time_lag_ms = 0};
    const PartitionVerdict unknown{};
    const PartitionVerdict slow{.time_lag_ms = 5};
    const PartitionVerdict no_commit{.status = LagStatus::no_commit};
    const auto time_of = [](const std::vector<PartitionVerdict>& partitions) {
        return judge_part(partitions).time_lag_ms;
    };
    EXPECT_EQ(time_of({caught_up, no_commit}), 0);
    EXPECT_EQ(time_of({caught_up, unknown}), PartitionVerdict::no_time);
    EXPECT_EQ(time_of({caught_up, unknown, slow}), 5);
}

GroupStatus rolled_up(std::vector<PartitionVerdict> partitions,
                      GroupReading reading = GroupReading::measured,
                      bool expired = false) {
    GroupLag group{.reading = reading};
    TopicNames names;
    const TopicId topic = names.intern("t");
    std::vector<PartitionRef> refs;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        refs.push_back({topic, static_cast<std::int32_t>(i)});
        group.partitions.push_back({.committed = 1, .log = static_cast<std::uint32_t>(i)});
    }
    LogTable logs(refs, names);
    logs.fill(std::vector<LogOffsets>(refs.size(), {.start = 0, .end = 5}),
              std::vector<std::int32_t>(refs.size(), 1));
    group.verdict.partitions = std::move(partitions);
    roll_up(group.verdict, group, logs, expired);
    return group.verdict.status;
}

TEST(GroupVerdict, IsThatOfTheWorstPartition) {
    const PartitionVerdict ok{};
    const PartitionVerdict warn{.weight = GroupStatus::warn};
    const PartitionVerdict err{.weight = GroupStatus::err};
    EXPECT_EQ(rolled_up({}), GroupStatus::ok) << "a group without partitions";
    EXPECT_EQ(rolled_up({ok, ok}), GroupStatus::ok);
    EXPECT_EQ(rolled_up({ok, warn}), GroupStatus::warn);
    EXPECT_EQ(rolled_up({err, warn}), GroupStatus::err);
    EXPECT_EQ(rolled_up({err}, GroupReading::measured, true), GroupStatus::expired);
}

GroupStatus with_unread(std::int64_t unread, GroupStatus weight = GroupStatus::ok) {
    GroupLag group{.reading = GroupReading::measured};
    group.totals.partitions = 2;
    group.totals.unread = unread;
    group.verdict.partitions = {{.weight = weight}, {}};
    group.partitions.resize(2);
    TopicNames names;
    const TopicId topic = names.intern("t");
    LogTable logs(std::vector<PartitionRef>{{topic, 0}, {topic, 1}}, names);
    roll_up(group.verdict, group, logs, false);
    return group.verdict.status;
}

TEST(GroupVerdict, IsNotOkWhereNoPartitionCouldBeRead) {
    EXPECT_EQ(with_unread(0), GroupStatus::ok);
    EXPECT_EQ(with_unread(1), GroupStatus::ok);
    EXPECT_EQ(with_unread(2), GroupStatus::unknown);
    EXPECT_EQ(with_unread(2, GroupStatus::err), GroupStatus::err) << "e.g. without a leader";
}

TEST(GroupVerdict, IsNeverOkWhereTheGroupCouldNotBeRead) {
    EXPECT_EQ(rolled_up({}, GroupReading::unread), GroupStatus::unknown);
    EXPECT_EQ(rolled_up({}, GroupReading::not_found), GroupStatus::not_found);
    EXPECT_EQ(rolled_up({}, GroupReading::not_measured), GroupStatus::not_judged);
}

TEST(GroupVerdict, OfTheRunIsTheLoudest) {
    const auto worst = [](const std::vector<GroupStatus>& statuses) {
        std::vector<GroupLag> groups;
        for (const GroupStatus status : statuses) {
            groups.emplace_back().verdict.status = status;
        }
        return worst_status(groups);
    };
    EXPECT_EQ(worst({}), GroupStatus::ok);
    EXPECT_EQ(worst({GroupStatus::expired, GroupStatus::not_judged}), GroupStatus::ok);
    EXPECT_EQ(worst({GroupStatus::ok, GroupStatus::warn}), GroupStatus::warn);
    EXPECT_EQ(worst({GroupStatus::unknown, GroupStatus::warn}), GroupStatus::unknown);
    EXPECT_EQ(worst({GroupStatus::unknown, GroupStatus::err}), GroupStatus::err);
}

}  // namespace
}  // namespace caretaker
