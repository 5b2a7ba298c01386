// SPDX-License-Identifier: Apache-2.0
// Resources as Mesos' answers hold them, in both forms: lists of entries and sums by name.
#pragma once

#include "common/clients/milli.hpp"
#include "common/clients/port_set.hpp"
#include "common/json/json_view.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// Where a disk comes from: root is the agent's work directory.
enum class DiskKind : std::uint8_t { root, path, mount, block, raw };

struct MesosReservation {
    std::string role{};
    bool is_dynamic = false;
    std::string principal{};
    std::vector<std::pair<std::string, std::string>> labels{};

    friend bool operator==(const MesosReservation&, const MesosReservation&) = default;
};

/// An entry of a detailed list (`*_resources_full` of /slaves, `*_resources` of GET_AGENTS). To
/// whom it is allocated is no part of it.
struct MesosResource {
    std::string name{};  // "cpus", "mem", "disk", "gpus", "ports", or one of the operator's own
    Milli amount = 0;    // of a scalar; of a set a thousand for each member
    PortSet ranges{};    // of ports; of other ranges their number of members is `amount`
    std::vector<MesosReservation> reservations{};  // outermost first; empty: unreserved
    DiskKind disk = DiskKind::root;
    std::string disk_root{};  // of a path or mount disk; with the source's id
    std::string volume{};     // the persistence id; empty: no volume
    bool is_revocable = false;
    bool is_shared = false;
    std::string provider{};
};

/// Reads one entry. The reservations are `reservations` where present (Mesos 1.4 on), else `role`
/// and `reservation`. Throws JsonError for a wrong shape, a negative amount, and ranges of ports
/// that are none.
MesosResource read_mesos_resource(JsonView entry);

/// Those of a list; none for a missing or null member.
std::vector<MesosResource> read_mesos_resources(JsonView object, std::string_view member);

/// A summed object (`resources`, `used_resources`): no disk kinds, volumes and roles.
struct MesosSums {
    std::vector<std::pair<std::string, Milli>> scalars{};  // "cpus", …; revocable: "cpus_revocable"
    PortSet ports{};

    [[nodiscard]] Milli amount(std::string_view name) const;
};

/// Throws JsonError as read_mesos_resource() does.
MesosSums read_mesos_sums(JsonView object);

/// The amount that a JSON number stands for. Throws JsonError for what is none, and for a negative
/// number beyond the residues that sums of doubles leave.
Milli read_milli(JsonView number);

}  // namespace caretaker
