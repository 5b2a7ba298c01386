// SPDX-License-Identifier: Apache-2.0
// Columns and rows of the lag views. Keys are part of the public interface: they may be added to,
// never renamed.
#include "jobs/lag/lag_table.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/duration.hpp"
#include "jobs/lag/lag_cells.hpp"
#include "jobs/lag/lag_membership_table.hpp"
#include "jobs/lag/lag_partition_table.hpp"
#include "jobs/lag/lag_sla_columns.hpp"
#include "jobs/lag/lag_verdict.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// Orders rows by status, the worst first, and then by falling lag, unknown last.
std::pair<int, std::int64_t> rank_row(GroupStatus status, const LagTotals& totals) {
    return {rank_status(status), totals.sum.lag.value_or(-1)};
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
    std::string trend{};

    [[nodiscard]] const LagTotals& totals() const { return group.totals; }

    [[nodiscard]] PartVerdict verdict() const { return judge_part(group.verdict.partitions); }

    /// A count of partitions, where these could be read.
    [[nodiscard]] Cell count(std::int64_t LagTotals::*value) const {
        return group.reading == GroupReading::measured ? Cell(group.totals.*value) : Cell();
    }

    [[nodiscard]] Cell verdict_count(std::int64_t GroupVerdict::*value) const {
        return group.reading == GroupReading::measured ? Cell(group.verdict.*value) : Cell();
    }

    [[nodiscard]] Cell drain_words() const {
        const auto& ms = group.verdict.drain_ms;
        return ms ? Cell(format_duration(std::chrono::milliseconds(*ms))) : Cell();
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
         [](const Row& row) { return member_count(row.group.group); }},
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
        {number_column("drain", "DRAIN"), [](const Row& row) { return row.drain_words(); }},
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
        {machine_column("drain_ms"),
         [](const Row& row) { return known(row.group.verdict.drain_ms); }},
        {machine_column("partitions_warn"),
         [](const Row& row) { return row.verdict_count(&GroupVerdict::warn); }},
        {machine_column("partitions_err"),
         [](const Row& row) { return row.verdict_count(&GroupVerdict::err); }},
        {machine_column("partitions_complete"),
         [](const Row& row) { return row.verdict_count(&GroupVerdict::complete); }},
    };
    return columns;
}

/// The columns of groups with what only a person reads. It stands right, where it is never cut.
std::vector<ItemColumn<GroupRow>> columns_with_trend() {
    std::vector<ItemColumn<GroupRow>> columns = group_columns();
    const auto lag_max = std::ranges::find_if(
        columns, [](const ItemColumn<GroupRow>& one) { return one.column.key == "lag_max"; });
    columns.insert(lag_max, {number_column("trend", "TREND"), [](const GroupRow& row) {
                                 return non_empty(row.trend);
                             }});
    return columns;
}

/// The worst first.
std::vector<const GroupLag*> rank_groups(const ClusterLag& cluster, const LagRowFilter& filter) {
    std::vector<const GroupLag*> groups;
    for (const GroupLag& group : cluster.groups) {
        if (filter.shows(group)) {
            groups.push_back(&group);
        }
    }
    std::ranges::stable_sort(groups, std::ranges::greater{}, [](const GroupLag* group) {
        return rank_row(group->verdict.status, group->totals);
    });
    return groups;
}

Table make_group_table(const ClusterLag& cluster,
                       std::span<const GroupLag* const> groups,
                       const std::function<std::string(const GroupLag&)>& trend) {
    std::vector<GroupRow> rows;
    rows.reserve(groups.size());
    for (const GroupLag* group : groups) {
        rows.push_back({cluster, *group, trend ? trend(*group) : std::string()});
    }
    Table table = trend ? make_table<GroupRow>("", columns_with_trend(), rows)
                        : make_table<GroupRow>("", group_columns(), rows);
    add_late_columns(table, cluster.facts);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (groups[i]->reading == GroupReading::measured) {
            add_late_cells(table.rows[i], groups[i]->partitions, cluster.facts);
        }
        table.rows[i].resize(table.columns.size());
    }
    return table;
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

/// What holds for the group as a whole, or for all that was to be read, counts for the topic.
GroupStatus topic_status(const GroupLag& group, const TopicLag& topic, GroupStatus judged) {
    if (group.verdict.status == GroupStatus::expired) {
        return GroupStatus::expired;
    }
    const bool is_unread =
        topic.totals.partitions > 0 && topic.totals.unread == topic.totals.partitions;
    return is_unread && judged == GroupStatus::ok ? GroupStatus::unknown : judged;
}

LagTable by_topic(const ClusterLag& cluster, const LagRowFilter& filter) {
    std::vector<TopicRow> rows;
    LagTable result;
    for (const GroupLag& group : cluster.groups) {
        for (TopicLag& topic : sum_by_topic(group, cluster.facts.logs)) {
            const auto partitions = verdicts_of(group, topic);
            PartVerdict verdict = judge_part(partitions);
            verdict.status = topic_status(group, topic, verdict.status);
            if (!filter.shows(verdict.status, partitions, topic.totals)) {
                ++result.hidden;
                continue;
            }
            rows.push_back({.cluster = &cluster,
                            .group = &group,
                            .topic = std::move(topic),
                            .verdict = verdict});
        }
    }
    std::ranges::stable_sort(rows, std::ranges::greater{}, [](const TopicRow& row) {
        return rank_row(row.verdict.status, row.totals());
    });
    result.table = make_table<TopicRow>("", topic_columns(), rows);
    add_late_columns(result.table, cluster.facts);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        add_late_cells(result.table.rows[i], rows[i].topic.partitions, cluster.facts);
    }
    return result;
}

}  // namespace

LagTable make_lag_table(std::shared_ptr<const ClusterLag> cluster, const LagViewOptions& options) {
    if (options.view == LagView::topic) {
        return by_topic(*cluster, options.filter);
    }
    if (options.view == LagView::partition) {
        return make_partition_table(std::move(cluster), options.filter);
    }
    LagTable result;
    std::vector<const GroupLag*> groups = rank_groups(*cluster, options.filter);
    result.hidden = std::ssize(cluster->groups) - std::ssize(groups);
    if (options.view == LagView::member) {
        std::ranges::sort(groups, {}, [](const GroupLag* group) { return group->group.name; });
        result.table = make_member_table(*cluster, groups);
    } else if (options.view == LagView::state) {
        result.table = make_state_table(*cluster, groups);
    } else {
        result.table = make_group_table(*cluster, groups, options.trend);
    }
    return result;
}

}  // namespace caretaker
