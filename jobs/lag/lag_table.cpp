// SPDX-License-Identifier: Apache-2.0
// Columns and rows of the lag views. Keys are part of the public interface: they may be added to,
// never renamed.
#include "jobs/lag/lag_table.hpp"

#include "common/base/table_columns.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace caretaker {

namespace {

/// Kafka's word for the state of the group, or that there is no such group.
Cell group_state(const GroupLag& group) {
    if (group.reading == GroupReading::not_found) {
        return "NotFound";
    }
    return non_empty(group.group.state);
}

/// What the group is; other protocols by their own names, e.g. "connect".
Cell group_kind(const ConsumerGroup& group) {
    switch (group.kind) {
        case GroupKind::unknown:
            return {};
        case GroupKind::classic:
            return "classic";
        case GroupKind::simple:
            return "simple";
        case GroupKind::consumer:
            return "consumer";
        case GroupKind::share:
            return "share";
        case GroupKind::other:
            break;
    }
    return group.protocol_type.empty() ? "other" : group.protocol_type;
}

/// Orders rows by falling lag, unknown last.
std::int64_t rank_lag(const LagTotals& totals) {
    return totals.sum.lag.value_or(-1);
}

/// How a group shows in the view by group depends on what could be read of it.
struct GroupNumbers {
    Cell topics{};
    Cell partitions{};
    Cell no_commit{};
    Cell behind{};
    Cell ignored{};
    Cell unread{};
};

GroupNumbers group_numbers(const GroupLag& group, const LogTable& logs) {
    if (group.reading != GroupReading::measured) {
        return {};
    }
    return {.topics = std::ssize(sum_by_topic(group, logs)),
            .partitions = group.totals.partitions,
            .no_commit = group.totals.no_commit,
            .behind = group.totals.behind,
            .ignored = group.totals.ignored,
            .unread = group.totals.unread};
}

Table by_group(const ClusterLag& cluster) {
    Table table{.columns = {text_column("group", "GROUP"),
                            text_column("state", "STATE"),
                            text_column("kind", "KIND"),
                            number_column("members", "MEMBERS"),
                            number_column("partitions", "PARTITIONS"),
                            number_column("lag", "LAG"),
                            number_column("max_lag", "MAX-LAG"),
                            text_column("max_lag_topic", "TOPIC"),
                            number_column("max_lag_partition", "PARTITION"),
                            number_column("lost", "LOST"),
                            number_column("no_commit", "NO-COMMIT"),
                            machine_column("topics"),
                            machine_column("backlog"),
                            machine_column("ahead"),
                            machine_column("partitions_behind"),
                            machine_column("ignored"),
                            machine_column("unread"),
                            machine_column("reading"),
                            machine_column("coordinator"),
                            machine_column("assignor")}};
    std::vector<const GroupLag*> groups;
    for (const GroupLag& group : cluster.groups) {
        groups.push_back(&group);
    }
    std::ranges::stable_sort(groups, std::ranges::greater{}, [](const GroupLag* group) {
        return rank_lag(group->totals);
    });
    table.rows.reserve(groups.size());
    for (const GroupLag* group : groups) {
        const LagTotals& totals = group->totals;
        GroupNumbers numbers = group_numbers(*group, cluster.facts.logs);
        const bool has_max = totals.max_lag.has_value();
        table.rows.push_back(
            {group->group.name,
             group_state(*group),
             group_kind(group->group),
             group->group.members_known ? Cell(std::ssize(group->group.members)) : Cell(),
             std::move(numbers.partitions),
             known(totals.sum.lag),
             known(totals.max_lag),
             has_max ? Cell(cluster.topic_name(totals.max_at)) : Cell(),
             has_max ? Cell(std::int64_t{cluster.facts.logs.partition(totals.max_at).partition})
                     : Cell(),
             known(totals.sum.lost),
             std::move(numbers.no_commit),
             std::move(numbers.topics),
             known(totals.sum.backlog),
             known(totals.sum.ahead),
             std::move(numbers.behind),
             std::move(numbers.ignored),
             std::move(numbers.unread),
             std::string(to_string(group->reading)),
             non_negative(group->group.coordinator),
             non_empty(group->group.assignor)});
    }
    return table;
}

Table by_topic(const ClusterLag& cluster) {
    Table table{.columns = {text_column("group", "GROUP"),
                            text_column("topic", "TOPIC"),
                            number_column("partitions", "PARTITIONS"),
                            number_column("lag", "LAG"),
                            number_column("max_lag", "MAX-LAG"),
                            number_column("max_lag_partition", "PARTITION"),
                            number_column("lost", "LOST"),
                            number_column("no_commit", "NO-COMMIT"),
                            machine_column("backlog"),
                            machine_column("ahead"),
                            machine_column("partitions_behind"),
                            machine_column("ignored"),
                            machine_column("unread")}};
    std::vector<std::pair<const GroupLag*, TopicLag>> topics;
    for (const GroupLag& group : cluster.groups) {
        for (TopicLag& topic : sum_by_topic(group, cluster.facts.logs)) {
            topics.emplace_back(&group, std::move(topic));
        }
    }
    std::ranges::stable_sort(topics, std::ranges::greater{}, [](const auto& entry) {
        return rank_lag(entry.second.totals);
    });
    table.rows.reserve(topics.size());
    for (const auto& [group, topic] : topics) {
        const LagTotals& totals = topic.totals;
        table.rows.push_back(
            {group->group.name,
             cluster.facts.names.name(topic.topic),
             totals.partitions,
             known(totals.sum.lag),
             known(totals.max_lag),
             totals.max_lag
                 ? Cell(std::int64_t{cluster.facts.logs.partition(totals.max_at).partition})
                 : Cell(),
             known(totals.sum.lost),
             totals.no_commit,
             known(totals.sum.backlog),
             known(totals.sum.ahead),
             totals.behind,
             totals.ignored,
             totals.unread});
    }
    return table;
}

Table by_partition(const ClusterLag& cluster) {
    Table table{.columns = {text_column("group", "GROUP"),
                            text_column("topic", "TOPIC"),
                            number_column("partition", "PARTITION"),
                            number_column("current_offset", "CURRENT-OFFSET"),
                            number_column("log_end_offset", "LOG-END-OFFSET"),
                            machine_column("log_start_offset"),
                            number_column("lag", "LAG"),
                            machine_column("backlog"),
                            machine_column("lost"),
                            text_column("consumer_id", "CONSUMER-ID"),
                            text_column("host", "HOST"),
                            text_column("client_id", "CLIENT-ID"),
                            text_column("state", "STATE"),
                            machine_column("ahead"),
                            machine_column("leader"),
                            text_column("condition", "CONDITION")}};
    table.rows.reserve(static_cast<std::size_t>(cluster.totals.partitions));
    for (const GroupLag& group : cluster.groups) {
        for (const PartitionLag& row : group.partitions) {
            const LogTable& logs = cluster.facts.logs;
            const LogOffsets& log = logs.offsets(row.log);
            const Lag lag = compute_lag(row.committed, log);
            const GroupMember* owner =
                row.member != PartitionLag::no_member ? &group.group.members[row.member] : nullptr;
            table.rows.push_back({group.group.name,
                                  cluster.topic_name(row.log),
                                  std::int64_t{logs.partition(row.log).partition},
                                  non_negative(row.committed),
                                  non_negative(log.end),
                                  non_negative(log.start),
                                  known(lag.lag),
                                  known(lag.backlog),
                                  known(lag.lost),
                                  owner != nullptr ? non_empty(owner->member_id) : Cell(),
                                  owner != nullptr ? non_empty(owner->host) : Cell(),
                                  owner != nullptr ? non_empty(owner->client_id) : Cell(),
                                  group_state(group),
                                  known(lag.ahead),
                                  non_negative(logs.leader(row.log)),
                                  std::string(to_string(state_of(row, log)))});
        }
    }
    return table;
}

}  // namespace

Table make_lag_table(const ClusterLag& cluster, LagView view) {
    switch (view) {
        case LagView::group:
            return by_group(cluster);
        case LagView::topic:
            return by_topic(cluster);
        case LagView::partition:
            break;
    }
    return by_partition(cluster);
}

}  // namespace caretaker
