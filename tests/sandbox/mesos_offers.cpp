// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_offers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker::sandbox {

namespace {

bool sees_agent(const PlatformState& state,
                const FakeFramework& framework,
                const FakeAgent& agent) {
    const bool is_remote = !agent.region.empty() && agent.region != state.mesos.region;
    return agent.state == AgentState::active && (!is_remote || framework.can("REGION_AWARE")) &&
           (sum_milli(agent.total, "gpus") == 0 || framework.can("GPU_RESOURCES"));
}

bool may_have(const FakeFramework& framework, const FakeResource& resource) {
    return (!resource.is_revocable || framework.can("REVOCABLE_RESOURCES")) &&
           (resource.reservations.size() < 2 || framework.can("RESERVATION_REFINEMENT"));
}

/// As --min_allocatable_resources is by default: cpus:0.01|mem:32.
bool is_worth_offering(const std::vector<FakeResource>& list) {
    return sum_milli(list, "cpus") >= 10 || sum_milli(list, "mem") >= 32'000;
}

}  // namespace

bool is_reserved_for(std::string_view reservation, std::string_view role) {
    return role == reservation ||
           (role.starts_with(reservation) && role.substr(reservation.size()).starts_with('/'));
}

std::string find_role_fault(const std::string& role) {
    if (role.empty()) {
        return "Empty role name is invalid";
    }
    if (role == "." || role == "..") {
        return fmt::format("Role name '{}' is invalid", role);
    }
    if (role.starts_with('/')) {
        return fmt::format("Role '{}' cannot start with a slash", role);
    }
    if (role.ends_with('/')) {
        return fmt::format("Role '{}' cannot end with a slash", role);
    }
    if (role.starts_with('-')) {
        return fmt::format("Role '{}' cannot start with a dash", role);
    }
    if (role.find_first_of(" \t\n\v\f\r\x7f\b") != std::string::npos) {
        return fmt::format("Role '{}' cannot contain whitespace", role);
    }
    return {};
}

std::vector<FakeOffer> make_offers(
    PlatformState& state,
    std::size_t number,
    const std::function<bool(std::size_t agent, const std::string& role)>& is_wanted) {
    const FakeFramework& framework = state.frameworks[number];
    const PlatformIndex index(state);
    std::vector<FakeOffer> offers;
    for (std::size_t i = 0; i < state.agents.size(); ++i) {
        if (!sees_agent(state, framework, state.agents[i])) {
            continue;
        }
        std::vector<FakeResource> idle = index.idle_on(i);
        for (const std::string& role : framework.roles) {
            if (!is_wanted(i, role)) {
                continue;
            }
            std::vector<FakeResource> given;
            std::vector<FakeResource> left;
            for (FakeResource& resource : idle) {
                const bool is_fit =
                    resource.reservations.empty() || is_reserved_for(resource.role(), role);
                (is_fit && may_have(framework, resource) ? given : left)
                    .push_back(std::move(resource));
            }
            if (!is_worth_offering(given)) {
                left.insert(left.end(), given.begin(), given.end());
                given.clear();
            }
            idle = std::move(left);
            if (given.empty()) {
                continue;
            }
            FakeOffer offer{
                .id = fmt::format("{}-O{}", state.mesos.master_id, state.mesos.offers_made++),
                .framework = number,
                .agent = i,
                .role = role,
                .resources = std::move(given)};
            for (FakeResource& resource : offer.resources) {
                resource.allocated_to = role;
            }
            offers.push_back(std::move(offer));
        }
    }
    state.offers.insert(state.offers.end(), offers.begin(), offers.end());
    return offers;
}

}  // namespace caretaker::sandbox
