// SPDX-License-Identifier: Apache-2.0
// Keys are part of the public interface: they may be added to, never renamed.
#include "jobs/leftovers/agents_table.hpp"

#include "common/base/table_columns.hpp"
#include "jobs/leftovers/agent_picture.hpp"
#include "jobs/leftovers/amount_cells.hpp"
#include "jobs/leftovers/fragmentation_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::size_t bar_width = 20;

/// Of one resource of one agent, without what is oversubscribed and disks other than root.
struct AgentAmounts {
    Milli total = 0;
    Milli used = 0;
    Milli offered = 0;
    Milli left = 0;
};

struct AgentCells {
    const Cluster& cluster;
    const RoleView& view;
    const std::vector<bool>* fits_any;
    std::size_t index;

    [[nodiscard]] const AgentRow& agent() const { return cluster.agents[index]; }

    [[nodiscard]] bool has_resources() const { return agent().state != AgentState::recovered; }

    [[nodiscard]] AgentAmounts amounts(Resource resource) const {
        AgentAmounts sums;
        for (const Pool& pool : cluster.pools_of(agent())) {
            if (pool.resource == resource && !pool.is_revocable && pool.disk == DiskKind::root) {
                sums.total += pool.total;
                sums.used += pool.used;
                sums.offered += pool.offered;
                sums.left += pool.left;
            }
        }
        return sums;
    }

    /// For the apps of the view, where tasks can be placed.
    [[nodiscard]] Milli free(Resource resource) const {
        if (agent().state != AgentState::placeable || view.is_dust[index]) {
            return 0;
        }
        return resource == Resource::ports ? Milli{1000} * view.ports[index]
                                           : view.free.at(resource)[index];
    }

    [[nodiscard]] Cell free_cell(Resource resource) const {
        return has_resources() ? amount_cell(free(resource)) : Cell();
    }

    [[nodiscard]] Cell total_cell(Resource resource) const {
        return has_resources() ? amount_cell(amounts(resource).total) : Cell();
    }

    [[nodiscard]] Cell used_cell(Resource resource) const {
        return has_resources() ? amount_cell(amounts(resource).used) : Cell();
    }

    /// What is offered comes back: it is drawn before what is free, and taken from there.
    [[nodiscard]] Cell picture(Resource resource) const {
        if (!has_resources()) {
            return {};
        }
        const AgentAmounts sums = amounts(resource);
        const Milli free_amount = free(resource);
        const Milli offered = std::min(sums.offered, std::max<Milli>(0, sums.total - sums.used));
        const Milli offered_free = std::min(offered, free_amount);
        const Milli others = std::max<Milli>(0, sums.left - free_amount - (offered - offered_free));
        const std::array parts{BarPart{'#', std::min(sums.used, sums.total)},
                               BarPart{'o', offered},
                               BarPart{agent().state == AgentState::placeable ? 'r' : '-', others},
                               BarPart{is_stranded() ? 'x' : '.', free_amount - offered_free}};
        return draw_bar(parts, bar_width);
    }

    [[nodiscard]] bool is_stranded() const { return fits_any != nullptr && !(*fits_any)[index]; }

    /// Between the free shares of cpus and mem.
    [[nodiscard]] Cell imbalance() const {
        constexpr Milli million = 1'000'000;
        const auto found = agent().state == AgentState::placeable && !view.is_dust[index]
                               ? imbalance_of(cluster, view, index)
                               : std::nullopt;
        return found ? percent_cell(*found, million) : Cell();
    }

    [[nodiscard]] Cell attributes() const {
        std::string text;
        for (const AgentAttribute& attribute : cluster.attributes_of(agent())) {
            text += fmt::format("{}{}={}",
                                text.empty() ? "" : " ",
                                cluster.attribute_names.name(attribute.name),
                                cluster.attribute_values.name(attribute.value));
        }
        return non_empty(text);
    }
};

const std::vector<ItemColumn<AgentCells>>& agent_columns() {
    using Row = AgentCells;
    static const std::vector<ItemColumn<Row>> columns{
        {text_column("host", "HOST"), [](const Row& row) -> Cell { return row.agent().hostname; }},
        {machine_column("id"), [](const Row& row) -> Cell { return row.agent().id; }},
        {text_column("state", "STATE"),
         [](const Row& row) -> Cell { return std::string(to_string(row.agent().state)); }},
        {number_column("cpus_free", "CPUS-FREE"),
         [](const Row& row) { return row.free_cell(Resource::cpus); }},
        {number_column("cpus", "CPUS"),
         [](const Row& row) { return row.total_cell(Resource::cpus); }},
        {text_column("cpus_picture", "PICTURE"),
         [](const Row& row) { return row.picture(Resource::cpus); }},
        {number_column("mem_free", "MEM-FREE"),
         [](const Row& row) { return row.free_cell(Resource::mem); }},
        {number_column("mem", "MEM"), [](const Row& row) { return row.total_cell(Resource::mem); }},
        {text_column("mem_picture", "PICTURE"),
         [](const Row& row) { return row.picture(Resource::mem); }},
        {number_column("disk_free", "DISK-FREE"),
         [](const Row& row) { return row.free_cell(Resource::disk); }},
        {machine_column("disk"), [](const Row& row) { return row.total_cell(Resource::disk); }},
        {number_column("gpus_free", "GPUS-FREE"),
         [](const Row& row) { return row.free_cell(Resource::gpus); }},
        {machine_column("gpus"), [](const Row& row) { return row.total_cell(Resource::gpus); }},
        {number_column("ports_free", "PORTS-FREE"),
         [](const Row& row) { return row.free_cell(Resource::ports); }},
        {machine_column("ports"), [](const Row& row) { return row.total_cell(Resource::ports); }},
        {machine_column("cpus_used"), [](const Row& row) { return row.used_cell(Resource::cpus); }},
        {machine_column("mem_used"), [](const Row& row) { return row.used_cell(Resource::mem); }},
        {text_column("attributes", "ATTRIBUTES"), [](const Row& row) { return row.attributes(); }},
        {machine_column("imbalance_percent"), [](const Row& row) { return row.imbalance(); }},
        {machine_column("exact"), [](const Row& row) -> Cell { return row.agent().is_exact; }},
    };
    return columns;
}

}  // namespace

Table make_agents_table(std::shared_ptr<const Cluster> cluster,
                        std::shared_ptr<const RoleView> view,
                        std::shared_ptr<const std::vector<bool>> fits_any) {
    Table table{.title =
                    "Agents (# used, o offered, r reserved for others or dust, - not placeable, . "
                    "free, x free but nothing that runs fits)",
                .columns = table_columns<AgentCells>(agent_columns())};
    if (!cluster->agents.empty()) {
        table.row_source = [cluster = std::move(cluster),
                            view = std::move(view),
                            fits_any = std::move(fits_any)](const RowVisitor& visit) {
            std::vector<Cell> cells;
            for (std::size_t i = 0; i < cluster->agents.size(); ++i) {
                fill_row<AgentCells>(cells, agent_columns(), {*cluster, *view, fits_any.get(), i});
                visit(cells);
            }
        };
    }
    return table;
}

}  // namespace caretaker
