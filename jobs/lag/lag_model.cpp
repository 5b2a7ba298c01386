// SPDX-License-Identifier: Apache-2.0
// The arithmetic of lag, written for offsets that may be anything a broker can say.
#include "jobs/lag/lag_model.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace caretaker {

namespace {

template <typename Enum>
constexpr int number(Enum value) {
    return static_cast<int>(value);
}

constexpr int states_before_failures =
    number(PartitionState::unknown_topic) - number(KafkaFailure::unknown_topic);
static_assert(number(PartitionState::failed) ==
              number(KafkaFailure::failed) + states_before_failures);

void add_known(std::optional<std::int64_t>& sum, const std::optional<std::int64_t>& value) {
    if (!value) {
        return;
    }
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const std::int64_t before = sum.value_or(0);
    sum = *value > most - before ? most : before + *value;
}

void add_known(Lag& sum, const Lag& value) {
    add_known(sum.lag, value.lag);
    add_known(sum.backlog, value.backlog);
    add_known(sum.lost, value.lost);
    add_known(sum.ahead, value.ahead);
}

/// Fills `rows` with everything the facts say about partitions: commits, commits that could not be
/// read, owners. Several rows may be about one partition.
void collect_rows(const GroupFacts& facts, const LogTable& logs, std::vector<PartitionLag>& rows) {
    rows.clear();
    for (const CommittedOffset& commit : facts.offsets.offsets) {
        if (const auto place = logs.find(commit.where)) {
            rows.push_back({.committed = std::max<std::int64_t>(commit.offset, -1), .log = *place});
        }
    }
    for (const PartitionProblem& failed : facts.offsets.partition_problems) {
        if (const auto place = logs.find(failed.where)) {
            rows.push_back({.log = *place, .commit_failure = failed.problem.failure});
        }
    }
    for (std::size_t member = 0; member < facts.group.members.size(); ++member) {
        const auto owner =
            static_cast<std::uint16_t>(std::min<std::size_t>(member, PartitionLag::no_member));
        for (const AssignedTopic& assigned : facts.group.members[member].assignment) {
            for (const std::int32_t partition : assigned.partitions) {
                if (const auto place = logs.find({assigned.topic, partition})) {
                    rows.push_back({.log = *place, .member = owner});
                }
            }
        }
    }
}

/// Joins the rows about each partition into one, by place. While a group rebalances two members may
/// claim a partition: the first by member id gets it.
void join_rows(std::vector<PartitionLag>& rows) {
    std::ranges::sort(rows, {}, [](const PartitionLag& row) {
        return std::pair(row.log, row.member);  // without an owner: last
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (kept == 0 || rows[i].log != rows[kept - 1].log) {
            rows[kept++] = rows[i];
            continue;
        }
        PartitionLag& row = rows[kept - 1];
        row.committed = std::max(row.committed, rows[i].committed);
        row.commit_failure = std::max(row.commit_failure, rows[i].commit_failure);
    }
    rows.resize(kept);
}

GroupReading judge_reading(const GroupFacts& facts, const LagFacts& all) {
    if (!has_offsets(facts.group.kind)) {
        return GroupReading::not_measured;
    }
    if (facts.offsets.problem) {
        return GroupReading::unread;
    }
    const bool exists = !facts.named || facts.group.kind != GroupKind::unknown ||
                        facts.has_commits || !facts.offsets.partition_problems.empty();
    if (exists) {
        return GroupReading::measured;
    }
    // An empty answer alone proves nothing: brokers give it for groups they never heard of.
    return all.listing_problems.empty() && !facts.group.problem ? GroupReading::not_found
                                                                : GroupReading::unread;
}

/// Forbidden to us, on a topic that nobody named.
bool is_passed_over(const PartitionLag& row, const LagFacts& all) {
    return state_of(row, all.logs.offsets(row.log)) == PartitionState::forbidden &&
           !std::ranges::binary_search(all.named_topics, all.logs.partition(row.log).topic);
}

void pass_over_forbidden(GroupLag& group, const LagFacts& all) {
    if (group.totals.unread == 0) {
        return;
    }
    const auto forbidden = std::ranges::count_if(
        group.partitions, [&](const PartitionLag& row) { return is_passed_over(row, all); });
    group.passes_over_forbidden = forbidden > 0 && forbidden < group.totals.partitions;
    if (group.passes_over_forbidden) {
        group.totals.ignored += forbidden;
        group.totals.unread -= forbidden;
    }
}

/// `rows` is working memory, kept from group to group.
GroupLag measure_group(GroupFacts facts, const LagFacts& all, std::vector<PartitionLag>& rows) {
    GroupLag group{.named = facts.named, .reading = judge_reading(facts, all)};
    group.problem = facts.offsets.problem ? std::move(facts.offsets.problem)
                                          : std::exchange(facts.group.problem, std::nullopt);
    std::ranges::sort(facts.group.members, {}, &GroupMember::member_id);
    if (group.reading == GroupReading::measured) {
        collect_rows(facts, all.logs, rows);
        join_rows(rows);
        group.partitions.assign(rows.begin(), rows.end());
    }
    for (const PartitionLag& row : group.partitions) {
        group.totals.add(row, all.logs);
    }
    pass_over_forbidden(group, all);
    group.group = std::move(facts.group);
    for (GroupMember& member : group.group.members) {
        member.assignment = {};
    }
    return group;
}

}  // namespace

Lag compute_lag(std::int64_t committed, const LogOffsets& log) {
    const bool has_commit = committed >= 0;
    Lag lag;
    if (has_commit && log.end >= 0) {
        lag.lag = std::max<std::int64_t>(0, log.end - committed);
        lag.ahead = std::max<std::int64_t>(0, committed - log.end);
    }
    if (has_commit && log.start >= 0) {
        lag.lost = std::max<std::int64_t>(0, log.start - committed);
    }
    if (lag.lag && lag.lost) {
        lag.backlog = std::max<std::int64_t>(0, log.end - std::max(committed, log.start));
    }
    return lag;
}

std::string_view to_string(PartitionState state) {
    switch (state) {
        case PartitionState::measured:
            return "measured";
        case PartitionState::ahead:
            return "ahead";
        case PartitionState::lost:
            return "lost";
        case PartitionState::no_commit:
            return "no_commit";
        default:
            return to_string(static_cast<KafkaFailure>(number(state) - states_before_failures));
    }
}

PartitionState state_for(KafkaFailure failure) {
    return failure == KafkaFailure::none
               ? PartitionState::measured
               : static_cast<PartitionState>(number(failure) + states_before_failures);
}

bool is_unread(PartitionState state) {
    return state > PartitionState::unknown_topic;
}

bool is_unread(KafkaFailure failure) {
    return is_unread(state_for(failure));
}

PartitionState state_of(const PartitionLag& row, const LogOffsets& log) {
    if (log.failure != KafkaFailure::none) {
        return state_for(log.failure);
    }
    if (row.committed < 0) {
        return row.commit_failure == KafkaFailure::none ? PartitionState::no_commit
                                                        : state_for(row.commit_failure);
    }
    const Lag lag = compute_lag(row.committed, log);
    if (!lag.backlog) {
        return PartitionState::failed;
    }
    if (*lag.lost > 0) {
        return PartitionState::lost;
    }
    return *lag.ahead > 0 ? PartitionState::ahead : PartitionState::measured;
}

std::string_view to_string(GroupReading reading) {
    constexpr std::array<std::string_view, 4> words{
        "measured", "not_measured", "not_found", "unread"};
    return words.at(static_cast<std::size_t>(reading));
}

void LagTotals::add(const PartitionLag& row, const LogTable& logs) {
    const LogOffsets& log = logs.offsets(row.log);
    const Lag lag = compute_lag(row.committed, log);
    const PartitionState state = state_of(row, log);
    ++partitions;
    behind += lag.lag.value_or(0) > 0 ? 1 : 0;
    no_commit += state == PartitionState::no_commit ? 1 : 0;
    ignored += state == PartitionState::unknown_topic ? 1 : 0;
    unread += is_unread(state) ? 1 : 0;
    add_known(sum, lag);
    if (lag.lag && (!lag_max || *lag.lag > *lag_max)) {
        lag_max = lag.lag;
        max_at = row.log;
    }
}

void LagTotals::add_sums(const LagTotals& other) {
    partitions += other.partitions;
    behind += other.behind;
    no_commit += other.no_commit;
    ignored += other.ignored;
    unread += other.unread;
    add_known(sum, other.sum);
}

std::vector<TopicLag> sum_by_topic(const GroupLag& group, const LogTable& logs) {
    const auto topic_of = [&](const PartitionLag& row) { return logs.partition(row.log).topic; };
    std::vector<TopicLag> topics;
    for (auto row = group.partitions.begin(); row != group.partitions.end();) {
        const TopicId topic = topic_of(*row);
        const auto end = std::find_if(row, group.partitions.end(), [&](const PartitionLag& other) {
            return topic_of(other) != topic;
        });
        TopicLag& entry = topics.emplace_back(TopicLag{.topic = topic, .partitions = {row, end}});
        for (; row != end; ++row) {
            entry.totals.add(*row, logs);
        }
    }
    return topics;
}

void sum_groups(ClusterLag& cluster) {
    LagTotals& totals = cluster.totals;
    totals = {};
    cluster.worst.reset();
    for (std::size_t i = 0; i < cluster.groups.size(); ++i) {
        if (cluster.groups[i].verdict.status == GroupStatus::expired) {
            continue;
        }
        const LagTotals& group = cluster.groups[i].totals;
        totals.add_sums(group);
        if (group.lag_max && (!totals.lag_max || *group.lag_max > *totals.lag_max)) {
            totals.lag_max = group.lag_max;
            totals.max_at = group.max_at;
            cluster.worst = i;
        }
    }
}

ClusterLag measure_lag(LagFacts facts) {
    ClusterLag cluster{.facts = std::move(facts)};
    cluster.groups.reserve(cluster.facts.groups.size());
    std::vector<PartitionLag> rows;
    for (GroupFacts& group : cluster.facts.groups) {
        cluster.groups.push_back(measure_group(std::move(group), cluster.facts, rows));
    }
    cluster.facts.groups = {};
    sum_groups(cluster);
    return cluster;
}

}  // namespace caretaker
