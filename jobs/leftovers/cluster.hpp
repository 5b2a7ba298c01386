// SPDX-License-Identifier: Apache-2.0
// A Mesos cluster at one moment, in flat arrays: 50 000 agents take some 50 MB.
#pragma once

#include "common/clients/mesos_resource.hpp"
#include "common/clients/milli.hpp"
#include "common/clients/port_set.hpp"
#include "jobs/leftovers/name_table.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// States are exclusive; the first that applies wins.
enum class AgentState : std::uint8_t {
    recovered,    // known from the registry of a new master, not yet back; its resources are not
    draining,     // by the operator, or drained already
    deactivated,  // by the operator: no offers, tasks stay
    inactive,     // disconnected
    down,         // its machine is down for maintenance
    maintenance,  // in a maintenance window, so that Marathon refuses its offers
    placeable,
};

inline constexpr std::array all_agent_states{AgentState::placeable,
                                             AgentState::maintenance,
                                             AgentState::draining,
                                             AgentState::deactivated,
                                             AgentState::inactive,
                                             AgentState::down,
                                             AgentState::recovered};

std::string_view to_string(AgentState state);

/// The resources that Marathon places by; their index is their id in Cluster::resources.
enum Resource : std::uint8_t { cpus, mem, disk, gpus, ports };

inline constexpr std::size_t scalar_count = 4;
inline constexpr std::array<std::string_view, 5> resource_names{
    "cpus", "mem", "disk", "gpus", "ports"};

/// Reservations that one entry lies in.
struct ReservationStack {
    std::vector<std::string> roles{};  // outermost first; empty: unreserved
    bool is_refined = false;           // more than one
    bool is_of_instance = false;       // Marathon's, for one resident instance
    bool is_hidden = false;            // what the reader's rights do not show: for nobody we know

    /// Whose it is in the end; empty: everybody's.
    [[nodiscard]] std::string_view role() const {
        return roles.empty() ? std::string_view{} : std::string_view(roles.back());
    }
};

/// Entries of an agent that differ in amount alone. Amounts of ports are a thousand for each port.
struct Pool {
    NameId resource = 0;      // in Cluster::resources
    std::uint32_t stack = 0;  // in Cluster::stacks; 0: unreserved
    NameId place = 0;         // disk root, volume and provider, in Cluster::places
    DiskKind disk = DiskKind::root;
    bool is_volume = false;
    bool is_revocable = false;
    bool is_shared = false;
    Milli total = 0;
    Milli used = 0;
    Milli offered = 0;
    Milli left = 0;   // not in use; without what is offered where offers count as taken
    Milli slack = 0;  // so much more may be left: the source tells sums alone
    std::uint32_t first_range = 0;  // of the ports left, in Cluster::port_ranges
    std::uint32_t range_count = 0;

    /// For the tasks of frameworks without volumes and oversubscription.
    [[nodiscard]] bool is_plain() const {
        return !is_volume && !is_revocable && disk == DiskKind::root;
    }
};

struct AgentAttribute {
    NameId name = 0;   // in Cluster::attribute_names
    NameId value = 0;  // in Cluster::attribute_values
};

struct AgentRow {
    std::string hostname{};
    std::string id{};
    std::string address{};
    std::int64_t registered_ms = 0;
    NameId region = 0;  // in Cluster::attribute_values, where 0 is the empty text
    NameId zone = 0;
    std::uint32_t first_pool = 0;
    std::uint32_t pool_count = 0;
    std::uint32_t first_attribute = 0;
    std::uint32_t attribute_count = 0;
    AgentState state = AgentState::placeable;
    bool is_active = true;
    bool is_deactivated = false;
    bool is_draining = false;
    bool is_detailed = true;         // false: the source tells sums alone, not kinds of disks
    bool is_exact = true;            // false: only sums are known, and some of them reserved
    bool hides_roles = false;        // reservations that the reader's rights do not show
    bool has_negative_rest = false;  // more in use than there is
};

struct Cluster {
    std::vector<AgentRow> agents{};  // by host name, then id, in byte order
    std::vector<Pool> pools{};       // of an agent by resource, then as read
    std::vector<PortRange> port_ranges{};
    std::vector<ReservationStack> stacks{ReservationStack{}};
    std::vector<AgentAttribute> attributes{};
    NameTable resources{};
    NameTable attribute_names{};
    NameTable attribute_values{};
    NameTable places{};
    /// The region of the master, in `attribute_values`; 0: it has none. Agents of another region
    /// are for apps alone that have a constraint on @region or @zone.
    NameId home_region = 0;

    Cluster() {
        for (const std::string_view name : resource_names) {
            resources.add(name);
        }
        attribute_values.add("");
        places.add("");
    }

    [[nodiscard]] std::span<const Pool> pools_of(const AgentRow& agent) const {
        return std::span(pools).subspan(agent.first_pool, agent.pool_count);
    }

    [[nodiscard]] std::span<const AgentAttribute> attributes_of(const AgentRow& agent) const {
        return std::span(attributes).subspan(agent.first_attribute, agent.attribute_count);
    }

    [[nodiscard]] std::span<const PortRange> ports_left(const Pool& pool) const {
        return std::span(port_ranges).subspan(pool.first_range, pool.range_count);
    }

    [[nodiscard]] bool is_remote(const AgentRow& agent) const {
        return home_region != 0 && agent.region != 0 && agent.region != home_region;
    }

    /// The text of that attribute; null where the agent has none of that name.
    [[nodiscard]] const std::string* attribute(const AgentRow& agent, std::string_view name) const;
};

}  // namespace caretaker
