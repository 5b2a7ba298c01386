// SPDX-License-Identifier: Apache-2.0
// Columns and rows of the lag views. Keys are part of the public interface: they may be added to,
// never renamed.
#include "jobs/lag/lag_table.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/duration.hpp"
#include "jobs/lag/lag_verdict.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

/// Orders rows by status, the worst first, and then by falling lag, unknown last.
std::pair<int, std::int64_t> rank_row(GroupStatus status, const LagTotals& totals) {
    return {rank_status(status), totals.sum.lag.value_or(-1)};
}

/// "2m 30s", or ">1h" for what is at least so long.
template <typename Verdict>
Cell time_lag_words(const Verdict& verdict) {
    if (verdict.time_lag_ms == PartitionVerdict::no_time) {
        return {};
    }
    return (verdict.time_is_least ? ">" : "") +
           format_duration(std::chrono::milliseconds(verdict.time_lag_ms));
}

template <typename Verdict>
Cell time_lag_ms(const Verdict& verdict) {
    return non_negative(verdict.time_lag_ms);
}

template <typename Verdict>
Cell time_lag_is_least(const Verdict& verdict) {
    return verdict.time_lag_ms == PartitionVerdict::no_time ? Cell() : Cell(verdict.time_is_least);
}

Cell status_word(GroupStatus status) {
    return std::string(to_string(status));
}

/// The topic of the partition with the largest lag.
Cell lag_max_topic(const ClusterLag& cluster, const LagTotals& totals) {
    return totals.lag_max ? Cell(cluster.topic_name(totals.max_at)) : Cell();
}

Cell lag_max_partition(const ClusterLag& cluster, const LagTotals& totals) {
    return totals.lag_max
               ? Cell(std::int64_t{cluster.facts.logs.partition(totals.max_at).partition})
               : Cell();
}

struct GroupRow {
    const ClusterLag& cluster;
    const GroupLag& group;

    [[nodiscard]] const LagTotals& totals() const { return group.totals; }

    [[nodiscard]] PartVerdict verdict() const { return judge_part(group.verdict.partitions); }

    /// A count of partitions, where these could be read.
    [[nodiscard]] Cell count(std::int64_t LagTotals::*value) const {
        return group.reading == GroupReading::measured ? Cell(group.totals.*value) : Cell();
    }

    [[nodiscard]] Cell verdict_count(std::int64_t GroupVerdict::*value) const {
        return group.reading == GroupReading::measured ? Cell(group.verdict.*value) : Cell();
    }

    [[nodiscard]] Cell topics() const {
        return group.reading == GroupReading::measured
                   ? Cell(std::ssize(sum_by_topic(group, cluster.facts.logs)))
                   : Cell();
    }
};

const std::vector<ItemColumn<GroupRow>>& group_columns() {
    using Row = GroupRow;
    static const std::vector<ItemColumn<Row>> columns{
        {text_column("group", "GROUP"),
         [](const Row& row) -> Cell { return row.group.group.name; }},
        {text_column("status", "STATUS"),
         [](const Row& row) { return status_word(row.group.verdict.status); }},
        {text_column("state", "STATE"), [](const Row& row) { return group_state(row.group); }},
        {text_column("kind", "KIND"), [](const Row& row) { return group_kind(row.group.group); }},
        {number_column("members", "MEMBERS"),
         [](const Row& row) {
             const ConsumerGroup& group = row.group.group;
             return group.members_known ? Cell(std::ssize(group.members)) : Cell();
         }},
        {number_column("partitions", "PARTITIONS"),
         [](const Row& row) { return row.count(&LagTotals::partitions); }},
        {number_column("lag", "LAG"), [](const Row& row) { return known(row.totals().sum.lag); }},
        {number_column("lag_max", "LAG-MAX"),
         [](const Row& row) { return known(row.totals().lag_max); }},
        {text_column("lag_max_topic", "TOPIC"),
         [](const Row& row) { return lag_max_topic(row.cluster, row.totals()); }},
        {number_column("lag_max_partition", "PARTITION"),
         [](const Row& row) { return lag_max_partition(row.cluster, row.totals()); }},
        {number_column("time_lag", "TIME-LAG"),
         [](const Row& row) { return time_lag_words(row.verdict()); }},
        {number_column("lost", "LOST"),
         [](const Row& row) { return known(row.totals().sum.lost); }},
        {number_column("no_commit", "NO-COMMIT"),
         [](const Row& row) { return row.count(&LagTotals::no_commit); }},
        {machine_column("topics"), [](const Row& row) { return row.topics(); }},
        {machine_column("backlog"), [](const Row& row) { return known(row.totals().sum.backlog); }},
        {machine_column("ahead"), [](const Row& row) { return known(row.totals().sum.ahead); }},
        {machine_column("partitions_behind"),
         [](const Row& row) { return row.count(&LagTotals::behind); }},
        {machine_column("ignored"), [](const Row& row) { return row.count(&LagTotals::ignored); }},
        {machine_column("unread"), [](const Row& row) { return row.count(&LagTotals::unread); }},
        {machine_column("reading"),
         [](const Row& row) -> Cell { return std::string(to_string(row.group.reading)); }},
        {machine_column("coordinator"),
         [](const Row& row) { return non_negative(row.group.group.coordinator); }},
        {machine_column("assignor"),
         [](const Row& row) { return non_empty(row.group.group.assignor); }},
        {machine_column("time_lag_ms"), [](const Row& row) { return time_lag_ms(row.verdict()); }},
        {machine_column("time_lag_is_least"),
         [](const Row& row) { return time_lag_is_least(row.verdict()); }},
        {machine_column("partitions_warn"),
         [](const Row& row) { return row.verdict_count(&GroupVerdict::warn); }},
        {machine_column("partitions_err"),
         [](const Row& row) { return row.verdict_count(&GroupVerdict::err); }},
        {machine_column("partitions_complete"),
         [](const Row& row) { return row.verdict_count(&GroupVerdict::complete); }},
    };
    return columns;
}

Table by_group(const ClusterLag& cluster) {
    std::vector<GroupRow> rows;
    rows.reserve(cluster.groups.size());
    std::vector<const GroupLag*> groups;
    for (const GroupLag& group : cluster.groups) {
        groups.push_back(&group);
    }
    std::ranges::stable_sort(groups, std::ranges::greater{}, [](const GroupLag* group) {
        return rank_row(group->verdict.status, group->totals);
    });
    for (const GroupLag* group : groups) {
        rows.push_back({cluster, *group});
    }
    return make_table<GroupRow>("", group_columns(), rows);
}

struct TopicRow {
    const ClusterLag* cluster = nullptr;
    const GroupLag* group = nullptr;
    TopicLag topic{};
    PartVerdict verdict{};

    [[nodiscard]] const LagTotals& totals() const { return topic.totals; }
};

const std::vector<ItemColumn<TopicRow>>& topic_columns() {
    using Row = TopicRow;
    static const std::vector<ItemColumn<Row>> columns{
        {text_column("group", "GROUP"),
         [](const Row& row) -> Cell { return row.group->group.name; }},
        {text_column("topic", "TOPIC"),
         [](const Row& row) -> Cell { return row.cluster->facts.names.name(row.topic.topic); }},
        {text_column("status", "STATUS"),
         [](const Row& row) { return status_word(row.verdict.status); }},
        {number_column("partitions", "PARTITIONS"),
         [](const Row& row) -> Cell { return row.totals().partitions; }},
        {number_column("lag", "LAG"), [](const Row& row) { return known(row.totals().sum.lag); }},
        {number_column("lag_max", "LAG-MAX"),
         [](const Row& row) { return known(row.totals().lag_max); }},
        {number_column("lag_max_partition", "PARTITION"),
         [](const Row& row) { return lag_max_partition(*row.cluster, row.totals()); }},
        {number_column("time_lag", "TIME-LAG"),
         [](const Row& row) { return time_lag_words(row.verdict); }},
        {number_column("lost", "LOST"),
         [](const Row& row) { return known(row.totals().sum.lost); }},
        {number_column("no_commit", "NO-COMMIT"),
         [](const Row& row) -> Cell { return row.totals().no_commit; }},
        {machine_column("backlog"), [](const Row& row) { return known(row.totals().sum.backlog); }},
        {machine_column("ahead"), [](const Row& row) { return known(row.totals().sum.ahead); }},
        {machine_column("partitions_behind"),
         [](const Row& row) -> Cell { return row.totals().behind; }},
        {machine_column("ignored"), [](const Row& row) -> Cell { return row.totals().ignored; }},
        {machine_column("unread"), [](const Row& row) -> Cell { return row.totals().unread; }},
        {machine_column("time_lag_ms"), [](const Row& row) { return time_lag_ms(row.verdict); }},
        {machine_column("time_lag_is_least"),
         [](const Row& row) { return time_lag_is_least(row.verdict); }},
    };
    return columns;
}

/// Those of the partitions of one topic; empty before any was judged.
std::span<const PartitionVerdict> verdicts_of(const GroupLag& group, const TopicLag& topic) {
    if (group.verdict.partitions.empty()) {
        return {};
    }
    const auto first = static_cast<std::size_t>(topic.partitions.data() - group.partitions.data());
    return std::span(group.verdict.partitions).subspan(first, topic.partitions.size());
}

Table by_topic(const ClusterLag& cluster) {
    std::vector<TopicRow> rows;
    for (const GroupLag& group : cluster.groups) {
        for (TopicLag& topic : sum_by_topic(group, cluster.facts.logs)) {
            const PartVerdict verdict = judge_part(verdicts_of(group, topic));
            rows.push_back({.cluster = &cluster,
                            .group = &group,
                            .topic = std::move(topic),
                            .verdict = verdict});
        }
    }
    std::ranges::stable_sort(rows, std::ranges::greater{}, [](const TopicRow& row) {
        return rank_row(row.verdict.status, row.totals());
    });
    return make_table<TopicRow>("", topic_columns(), rows);
}

struct PartitionRow {
    const ClusterLag& cluster;
    const GroupLag& group;
    const PartitionLag& partition;
    const LogOffsets& log;
    Lag lag;
    PartitionVerdict verdict;

    /// Something about the owner, where there is one.
    [[nodiscard]] Cell owner(std::string GroupMember::*value) const {
        return partition.member == PartitionLag::no_member
                   ? Cell()
                   : non_empty(group.group.members[partition.member].*value);
    }
};

const std::vector<ItemColumn<PartitionRow>>& partition_columns() {
    using Row = PartitionRow;
    static const std::vector<ItemColumn<Row>> columns{
        {text_column("group", "GROUP"),
         [](const Row& row) -> Cell { return row.group.group.name; }},
        {text_column("topic", "TOPIC"),
         [](const Row& row) -> Cell { return row.cluster.topic_name(row.partition.log); }},
        {number_column("partition", "PARTITION"),
         [](const Row& row) -> Cell {
             return std::int64_t{row.cluster.facts.logs.partition(row.partition.log).partition};
         }},
        {number_column("current_offset", "CURRENT-OFFSET"),
         [](const Row& row) { return non_negative(row.partition.committed); }},
        {number_column("log_end_offset", "LOG-END-OFFSET"),
         [](const Row& row) { return non_negative(row.log.end); }},
        {machine_column("log_start_offset"),
         [](const Row& row) { return non_negative(row.log.start); }},
        {number_column("lag", "LAG"), [](const Row& row) { return known(row.lag.lag); }},
        {machine_column("backlog"), [](const Row& row) { return known(row.lag.backlog); }},
        {machine_column("lost"), [](const Row& row) { return known(row.lag.lost); }},
        {text_column("consumer_id", "CONSUMER-ID"),
         [](const Row& row) { return row.owner(&GroupMember::member_id); }},
        {text_column("host", "HOST"), [](const Row& row) { return row.owner(&GroupMember::host); }},
        {text_column("client_id", "CLIENT-ID"),
         [](const Row& row) { return row.owner(&GroupMember::client_id); }},
        {text_column("state", "STATE"), [](const Row& row) { return group_state(row.group); }},
        {machine_column("ahead"), [](const Row& row) { return known(row.lag.ahead); }},
        {machine_column("leader"),
         [](const Row& row) {
             return non_negative(row.cluster.facts.logs.leader(row.partition.log));
         }},
        {text_column("condition", "CONDITION"),
         [](const Row& row) -> Cell {
             return std::string(to_string(state_of(row.partition, row.log)));
         }},
        {text_column("status", "STATUS"),
         [](const Row& row) -> Cell { return std::string(to_string(row.verdict.status)); }},
        {number_column("time_lag", "TIME-LAG"),
         [](const Row& row) { return time_lag_words(row.verdict); }},
        {machine_column("time_lag_ms"), [](const Row& row) { return time_lag_ms(row.verdict); }},
        {machine_column("time_lag_is_least"),
         [](const Row& row) { return time_lag_is_least(row.verdict); }},
        {machine_column("complete"), [](const Row& row) -> Cell { return row.verdict.complete; }},
    };
    return columns;
}

void visit_partitions(const ClusterLag& cluster, const RowVisitor& visit) {
    std::vector<Cell> cells;
    for (const GroupLag& group : cluster.groups) {
        for (std::size_t i = 0; i < group.partitions.size(); ++i) {
            const PartitionLag& partition = group.partitions[i];
            const LogOffsets& log = cluster.facts.logs.offsets(partition.log);
            fill_row<PartitionRow>(cells,
                                   partition_columns(),
                                   {cluster,
                                    group,
                                    partition,
                                    log,
                                    compute_lag(partition.committed, log),
                                    group.verdict.at(i)});
            visit(cells);
        }
    }
}

/// A large cluster has a million of these rows.
Table by_partition(std::shared_ptr<const ClusterLag> cluster) {
    Table table{.columns = table_columns<PartitionRow>(partition_columns())};
    if (cluster->totals.partitions > 0) {
        table.row_source = [cluster = std::move(cluster)](const RowVisitor& visit) {
            visit_partitions(*cluster, visit);
        };
    }
    return table;
}

}  // namespace

Table make_lag_table(std::shared_ptr<const ClusterLag> cluster, LagView view) {
    switch (view) {
        case LagView::group:
            return by_group(*cluster);
        case LagView::topic:
            return by_topic(*cluster);
        case LagView::partition:
            break;
    }
    return by_partition(std::move(cluster));
}

}  // namespace caretaker
