// SPDX-License-Identifier: Apache-2.0
// Keys are part of the public interface: they may be added to, never renamed.
#include "jobs/leftovers/resources_table.hpp"

#include "common/base/table_columns.hpp"
#include "jobs/leftovers/amount_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace caretaker {

namespace {

Milli unusable_sum(const ResourceSums& sums) {
    return std::accumulate(sums.unusable.begin(), sums.unusable.end(), Milli{0});
}

const std::vector<ItemColumn<ResourceSums>>& resource_columns() {
    using Row = ResourceSums;
    static const std::vector<ItemColumn<Row>> columns{
        {text_column("resource", "RESOURCE"), [](const Row& row) -> Cell { return row.name; }},
        {text_column("unit", "UNIT"), [](const Row& row) { return non_empty(unit_of(row.name)); }},
        {number_column("total", "TOTAL"), [](const Row& row) { return amount_cell(row.total); }},
        {number_column("used", "USED"), [](const Row& row) { return amount_cell(row.used); }},
        {number_column("offered", "OFFERED"),
         [](const Row& row) { return amount_cell(row.offered); }},
        {number_column("reserved_free", "RESERVED"),
         [](const Row& row) { return amount_cell(row.reserved_free); }},
        {number_column("dust", "DUST"), [](const Row& row) { return amount_cell(row.dust); }},
        {number_column("free", "FREE"), [](const Row& row) { return amount_cell(row.free); }},
        {number_column("free_percent", "FREE%"),
         [](const Row& row) { return percent_cell(row.free, row.total); }},
        {number_column("stranded_percent", "STRANDED%"),
         [](const Row& row) {
             return row.stranded ? percent_cell(*row.stranded, row.free) : Cell();
         }},
        {number_column("expected_percent", "EXPECTED%"),
         [](const Row& row) {
             return row.expected ? percent_cell(*row.expected, row.free) : Cell();
         }},
        {number_column("largest", "LARGEST"),
         [](const Row& row) { return amount_cell(row.largest); }},
        {number_column("unusable", "UNUSABLE"),
         [](const Row& row) { return amount_cell(unusable_sum(row)); }},
        {machine_column("volumes"), [](const Row& row) { return amount_cell(row.volumes); }},
        {machine_column("revocable"), [](const Row& row) { return amount_cell(row.revocable); }},
        {machine_column("free_most"), [](const Row& row) { return amount_cell(row.free_most); }},
    };
    return columns;
}

struct GroupRow {
    const LeftoversGroup& group;

    [[nodiscard]] Cell free(Resource resource) const {
        return amount_cell(group.leftovers.resources[resource].free);
    }

    [[nodiscard]] Cell total(Resource resource) const {
        return amount_cell(group.leftovers.resources[resource].total);
    }
};

std::vector<ItemColumn<GroupRow>> group_columns() {
    using Row = GroupRow;
    return {
        {text_column("value", "VALUE"), [](const Row& row) -> Cell { return row.group.value; }},
        {number_column("agents", "AGENTS"),
         [](const Row& row) -> Cell { return row.group.leftovers.agents.registered; }},
        {number_column("placeable", "PLACEABLE"),
         [](const Row& row) -> Cell {
             return row.group.leftovers.agents.in_state(AgentState::placeable);
         }},
        {number_column("cpus_free", "CPUS-FREE"),
         [](const Row& row) { return row.free(Resource::cpus); }},
        {number_column("cpus", "CPUS"), [](const Row& row) { return row.total(Resource::cpus); }},
        {number_column("mem_free", "MEM-FREE"),
         [](const Row& row) { return row.free(Resource::mem); }},
        {number_column("mem", "MEM"), [](const Row& row) { return row.total(Resource::mem); }},
        {number_column("disk_free", "DISK-FREE"),
         [](const Row& row) { return row.free(Resource::disk); }},
        {machine_column("disk"), [](const Row& row) { return row.total(Resource::disk); }},
        {number_column("gpus_free", "GPUS-FREE"),
         [](const Row& row) { return row.free(Resource::gpus); }},
        {machine_column("gpus"), [](const Row& row) { return row.total(Resource::gpus); }},
        {number_column("ports_free", "PORTS-FREE"),
         [](const Row& row) { return row.free(Resource::ports); }},
    };
}

}  // namespace

std::string unit_of(const std::string& resource) {
    return resource == "mem" || resource.starts_with("disk") ? "MB" : "";
}

Table make_resources_table(const Leftovers& leftovers) {
    std::vector<ResourceSums> shown;
    for (const ResourceSums& sums : leftovers.resources) {
        if (sums.name == "cpus" || sums.name == "mem" || sums.total > 0 || unusable_sum(sums) > 0) {
            shown.push_back(sums);
        }
    }
    return make_table<ResourceSums>("Resources", resource_columns(), shown);
}

Table make_groups_table(const std::string& attribute, std::span<const LeftoversGroup> groups) {
    std::vector<GroupRow> rows;
    rows.reserve(groups.size());
    for (const LeftoversGroup& group : groups) {
        rows.push_back({group});
    }
    const auto columns = group_columns();
    return make_table<GroupRow>(fmt::format("By {}", attribute), columns, rows);
}

Table make_quota_table(std::span<const RoleQuota> quotas) {
    Table table{.title = "Quota",
                .columns = {text_column("role", "ROLE"),
                            text_column("resource", "RESOURCE"),
                            number_column("limit", "LIMIT"),
                            number_column("guarantee", "GUARANTEE"),
                            number_column("consumed", "CONSUMED"),
                            number_column("left", "LEFT"),
                            number_column("held_back", "HELD-BACK")}};
    for (const RoleQuota& quota : quotas) {
        for (std::size_t r = 0; r < scalar_count; ++r) {
            const std::string name(resource_names.at(r));
            const Milli guarantee = quota.guarantee.amount(name);
            if (!quota.has_limit(name) && guarantee == 0) {
                continue;
            }
            const Milli consumed = quota.consumed.amount(name);
            const Milli limit = quota.limit.amount(name);
            table.rows.push_back(
                {quota.role,
                 name,
                 quota.has_limit(name) ? amount_cell(limit) : Cell(),
                 guarantee > 0 ? amount_cell(guarantee) : Cell(),
                 amount_cell(consumed),
                 quota.has_limit(name) ? amount_cell(std::max<Milli>(0, limit - consumed)) : Cell(),
                 amount_cell(std::max<Milli>(0, guarantee - consumed))});
        }
    }
    return table;
}

}  // namespace caretaker
