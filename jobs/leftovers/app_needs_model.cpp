// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/app_needs_model.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace caretaker {

RoleChoice role_of(const MarathonApp& app, const MarathonSettings& settings) {
    RoleChoice choice{.role = app.role.value_or(settings.role)};
    if (app.is_resident) {
        choice.accepted = AcceptedRoles::unreserved;  // it reserves what it takes, and first of all
        return choice;
    }
    if (!app.accepted_roles) {
        // Its own role is what is unreserved.
        choice.accepted = choice.role == "*" ? AcceptedRoles::any : settings.accepted;
        return choice;
    }
    const auto accepts = [&](std::string_view role) {
        return std::ranges::find(*app.accepted_roles, role) != app.accepted_roles->end();
    };
    const bool takes_own = accepts(choice.role);
    if (accepts("*")) {
        choice.accepted = takes_own ? AcceptedRoles::any : AcceptedRoles::unreserved;
    } else {
        choice.accepted = takes_own ? AcceptedRoles::reserved : AcceptedRoles::none;
    }
    return choice;
}

std::int32_t fit_ports(const RoleView& view, const Needs& needs, std::size_t agent) {
    if (needs.static_ports.is_empty()) {
        return view.ports[agent] / needs.dynamic_ports;
    }
    const auto free = view.ports_of(agent);
    for (const PortRange& range : needs.static_ports.ranges()) {
        for (std::uint32_t port = range.begin; port <= range.end; ++port) {
            if (!contains_port(free, static_cast<std::uint16_t>(port))) {
                return 0;
            }
        }
    }
    return view.ports[agent] - needs.static_ports.count() >= needs.dynamic_ports ? 1 : 0;
}

bool leaves_gpus_alone(const MarathonApp& app, const Needs& needs) {
    return needs.scalars[Resource::gpus] == 0 &&
           app.gpu_behavior.value_or("restricted") == "restricted";
}

bool groups_by_shares(const MarathonSettings& settings) {
    constexpr std::pair since{1, 11};
    const std::string& text = settings.version;
    const char* const end = text.data() + text.size();
    std::pair version{0, 0};
    const auto major = std::from_chars(text.data(), end, version.first);
    if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') {
        return false;
    }
    const auto minor = std::from_chars(major.ptr + 1, end, version.second);
    return minor.ec == std::errc{} && version >= since;
}

Needs needs_of(const MarathonApp& app) {
    return {.scalars = {app.cpus, app.mem, app.disk, app.gpus},
            .static_ports = app.static_ports,
            .dynamic_ports = app.dynamic_ports};
}

}  // namespace caretaker
