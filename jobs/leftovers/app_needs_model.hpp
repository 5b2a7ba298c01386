// SPDX-License-Identifier: Apache-2.0
// What one instance of an app takes, and from what. Pure.
#pragma once

#include "common/clients/marathon_app.hpp"
#include "jobs/leftovers/role_view_model.hpp"
#include "jobs/leftovers/workload.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace caretaker {

/// Amounts that one instance takes.
struct Needs {
    std::array<Milli, scalar_count> scalars{};
    PortSet static_ports{};
    std::int32_t dynamic_ports = 0;
};

/// What an app may take: its role and the roles it accepts.
RoleChoice role_of(const MarathonApp& app, const MarathonSettings& settings);

/// Whether its GROUP_BY gives each of so many values a share of the wanted instances, as from 1.11
/// on; before, and where no version is told, it goes by which value has the fewest.
bool groups_by_shares(const MarathonSettings& settings);

Needs needs_of(const MarathonApp& app);

/// How many instances the free ports of an agent allow; for needs with ports. A port by its number
/// is there once.
std::int32_t fit_ports(const RoleView& view, const Needs& needs, std::size_t agent);

/// Whether the app is refused where GPUs are free: Marathon's GPU scheduling behaviour
/// "restricted", its default, for apps without need of them.
bool leaves_gpus_alone(const MarathonApp& app, const Needs& needs);

}  // namespace caretaker
