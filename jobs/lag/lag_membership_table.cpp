// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_membership_table.hpp"

#include "jobs/lag/lag_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace caretaker {

namespace {

struct MemberRow {
    const GroupLag* group = nullptr;
    const GroupMember* member = nullptr;
    LagTotals totals{};  // of what it owns

    /// Which partitions members own shows only where offsets are read, too.
    [[nodiscard]] Cell partitions() const {
        return group->reading == GroupReading::measured ? Cell(totals.partitions) : Cell();
    }
};

const std::vector<ItemColumn<MemberRow>>& member_columns() {
    using Row = MemberRow;
    static const std::vector<ItemColumn<Row>> columns{
        {text_column("group", "GROUP"),
         [](const Row& row) -> Cell { return row.group->group.name; }},
        {text_column("consumer_id", "CONSUMER-ID"),
         [](const Row& row) { return non_empty(row.member->member_id); }},
        {text_column("host", "HOST"), [](const Row& row) { return non_empty(row.member->host); }},
        {text_column("client_id", "CLIENT-ID"),
         [](const Row& row) { return non_empty(row.member->client_id); }},
        {number_column("partitions", "#PARTITIONS"),
         [](const Row& row) { return row.partitions(); }},
        {number_column("lag", "LAG"), [](const Row& row) { return known(row.totals.sum.lag); }},
        {number_column("lag_max", "LAG-MAX"),
         [](const Row& row) { return known(row.totals.lag_max); }},
    };
    return columns;
}

struct StateRow {
    const ClusterLag* cluster = nullptr;
    const GroupLag* group = nullptr;

    /// "kafka-1:9092 (1)", as Kafka's tool writes it.
    [[nodiscard]] Cell coordinator() const {
        const std::int32_t id = group->group.coordinator;
        const auto broker = std::ranges::find(cluster->facts.brokers, id, &KafkaBroker::id);
        if (broker == cluster->facts.brokers.end()) {
            return id < 0 ? Cell() : Cell(fmt::format("({})", id));
        }
        return fmt::format("{}:{} ({})", broker->host, broker->port, id);
    }
};

const std::vector<ItemColumn<StateRow>>& state_columns() {
    using Row = StateRow;
    static const std::vector<ItemColumn<Row>> columns{
        {text_column("group", "GROUP"),
         [](const Row& row) -> Cell { return row.group->group.name; }},
        {text_column("coordinator_address", "COORDINATOR (ID)"),
         [](const Row& row) { return row.coordinator(); }},
        {text_column("assignor", "ASSIGNMENT-STRATEGY"),
         [](const Row& row) { return non_empty(row.group->group.assignor); }},
        {text_column("state", "STATE"), [](const Row& row) { return group_state(*row.group); }},
        {number_column("members", "#MEMBERS"),
         [](const Row& row) { return member_count(row.group->group); }},
        {text_column("kind", "KIND"), [](const Row& row) { return group_kind(row.group->group); }},
        {text_column("status", "STATUS"),
         [](const Row& row) { return status_word(row.group->verdict.status); }},
        {machine_column("coordinator"),
         [](const Row& row) { return non_negative(row.group->group.coordinator); }},
    };
    return columns;
}

/// The members of the group with the sums of what each owns.
std::vector<MemberRow> list_members(const GroupLag& group, const LogTable& logs) {
    std::vector<MemberRow> rows;
    for (const GroupMember& member : group.group.members) {
        rows.push_back({.group = &group, .member = &member});
    }
    for (const PartitionLag& partition : group.partitions) {
        if (partition.member < rows.size()) {
            rows[partition.member].totals.add(partition, logs);
        }
    }
    return rows;
}

}  // namespace

Table make_member_table(const ClusterLag& cluster, std::span<const GroupLag* const> groups) {
    std::vector<MemberRow> rows;
    for (const GroupLag* group : groups) {
        const auto members = list_members(*group, cluster.facts.logs);
        rows.insert(rows.end(), members.begin(), members.end());
    }
    return make_table<MemberRow>("", member_columns(), rows);
}

Table make_state_table(const ClusterLag& cluster, std::span<const GroupLag* const> groups) {
    std::vector<StateRow> rows;
    for (const GroupLag* group : groups) {
        rows.push_back({.cluster = &cluster, .group = group});
    }
    return make_table<StateRow>("", state_columns(), rows);
}

}  // namespace caretaker
