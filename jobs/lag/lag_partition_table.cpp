// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_partition_table.hpp"

#include "jobs/lag/lag_cells.hpp"
#include "jobs/lag/lag_sla_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

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
         [](const Row& row) -> Cell {
             return row.group.verdict.status == GroupStatus::expired
                        ? status_word(GroupStatus::expired)
                        : Cell(std::string(to_string(row.verdict.status)));
         }},
        {number_column("time_lag", "TIME-LAG"),
         [](const Row& row) { return time_lag_words(row.verdict); }},
        {machine_column("time_lag_ms"), [](const Row& row) { return time_lag_ms(row.verdict); }},
        {machine_column("time_lag_is_least"),
         [](const Row& row) { return time_lag_is_least(row.verdict); }},
        {machine_column("complete"), [](const Row& row) -> Cell { return row.verdict.complete; }},
    };
    return columns;
}

/// Calls `visit` with each partition that is shown.
template <typename Visit>
void for_each_shown(const ClusterLag& cluster, const LagRowFilter& filter, Visit visit) {
    for (const GroupLag& group : cluster.groups) {
        for (std::size_t i = 0; i < group.partitions.size(); ++i) {
            const PartitionLag& partition = group.partitions[i];
            const LogOffsets& log = cluster.facts.logs.offsets(partition.log);
            const PartitionRow row{cluster,
                                   group,
                                   partition,
                                   log,
                                   compute_lag(partition.committed, log),
                                   group.verdict.at(i)};
            if (filter.is_empty() || filter.shows(row.verdict, row.lag)) {
                visit(row);
            }
        }
    }
}

}  // namespace

LagTable make_partition_table(std::shared_ptr<const ClusterLag> cluster,
                              const LagRowFilter& filter) {
    LagTable result{.table = {.columns = table_columns<PartitionRow>(partition_columns())}};
    add_kept_columns(result.table, cluster->facts);
    std::int64_t all = 0;
    for (const GroupLag& group : cluster->groups) {
        all += std::ssize(group.partitions);
    }
    std::int64_t shown = filter.is_empty() ? all : 0;
    if (!filter.is_empty()) {
        for_each_shown(*cluster, filter, [&](const PartitionRow&) { ++shown; });
    }
    result.hidden = all - shown;
    if (shown > 0) {
        result.table.row_source = [cluster = std::move(cluster), filter](const RowVisitor& visit) {
            std::vector<Cell> cells;
            for_each_shown(*cluster, filter, [&](const PartitionRow& row) {
                fill_row<PartitionRow>(cells, partition_columns(), row);
                add_kept_cells(cells, row.partition, row.cluster.facts);
                visit(cells);
            });
        };
    }
    return result;
}

}  // namespace caretaker
