// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_agent_json.hpp"

#include "tests/sandbox/mesos_resource_json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker::sandbox {

namespace {

void write_drain(Json& json, const FakeAgent& agent) {
    if (agent.state != AgentState::draining && agent.state != AgentState::drained) {
        return;
    }
    json.begin_object("drain_info")
        .text("state", agent.state == AgentState::draining ? "DRAINING" : "DRAINED");
    json.begin_object("config").flag("mark_gone", false).end_object().end_object();
    json.number("estimated_drain_start_time_seconds", to_seconds(agent.drain_started_ms));
}

void write_agent_sums(Json& json,
                      const MesosScene& scene,
                      const FakeAgent& agent,
                      const std::vector<FakeResource>& used,
                      const std::vector<FakeResource>& offered) {
    const MesosVersion& version = scene.version();
    write_summed(json, "resources", agent.total, version);
    if (!version.since(0, 23)) {
        return;
    }
    write_summed(json, "used_resources", used, version);
    write_summed(json, "offered_resources", offered, version);
    json.begin_object("reserved_resources");
    for (const auto& [role, list] : by_role(visible_total(*scene.state, agent))) {
        write_summed(json, role, list, version);
    }
    json.end_object();
    write_summed(json, "unreserved_resources", unreserved(agent.total), version);
}

void write_agent_lists(Json& json,
                       const MesosScene& scene,
                       const FakeAgent& agent,
                       const std::vector<FakeResource>& used,
                       const std::vector<FakeResource>& offered) {
    const MesosVersion& version = scene.version();
    if (!version.since(0, 28)) {
        return;
    }
    const ReservationForm form = agent_form(version);
    json.begin_object("reserved_resources_full");
    for (const auto& [role, list] : by_role(visible_total(*scene.state, agent))) {
        write_typed_list(json.key(role), list, form);
    }
    json.end_object();
    if (version.since(1, 4)) {
        write_typed_list(json.key("unreserved_resources_full"), unreserved(agent.total), form);
    }
    write_typed_list(json.key("used_resources_full"), used, form);
    write_typed_list(json.key("offered_resources_full"), offered, form);
}

}  // namespace

std::vector<std::string_view> agent_capabilities(const MesosVersion& version) {
    std::vector<std::string_view> names{"MULTI_ROLE"};
    if (version.since(1, 4)) {
        names.insert(names.end(), {"HIERARCHICAL_ROLE", "RESERVATION_REFINEMENT"});
    }
    if (version.since(1, 9)) {
        names.insert(names.end(), {"AGENT_OPERATION_FEEDBACK", "AGENT_DRAINING"});
    }
    return names;
}

std::vector<FakeResource> visible_total(const PlatformState& state, const FakeAgent& agent) {
    std::vector<FakeResource> list = agent.total;
    std::erase_if(list, [&](const FakeResource& resource) {
        return std::ranges::find(state.mesos.hidden_roles, resource.role()) !=
               state.mesos.hidden_roles.end();
    });
    return list;
}

void write_agent_members(Json& json,
                         const MesosScene& scene,
                         const PlatformIndex& index,
                         std::size_t number,
                         AgentDetail detail) {
    const MesosVersion& version = scene.version();
    const FakeAgent& agent = scene.state->agents[number];
    json.begin_object().text("id", agent.id).text("hostname", agent.hostname);
    if (version.since(1, 2)) {
        json.number("port", agent.port);
    }
    write_attributes(json, agent.attributes);
    if (version.since(1, 4)) {
        write_domain(json, agent.region, agent.zone);
    }
    json.text("pid", fmt::format("slave(1)@{}:{}", agent.ip, agent.port))
        .number("registered_time", to_seconds(agent.registered_ms));
    const auto used = index.used_on(number);
    const auto offered = index.offered_on(number);
    write_agent_sums(json, scene, agent, used, offered);
    if (version.since(0, 22)) {
        json.flag("active", agent.state == AgentState::active);
    }
    if (version.since(1, 9)) {
        json.flag("deactivated",
                  agent.state != AgentState::active && agent.state != AgentState::disconnected);
    }
    if (version.since(0, 26)) {
        json.text("version", version.text());
    }
    if (version.since(1, 3)) {
        json.begin_array("capabilities");
        for (const std::string_view capability : agent_capabilities(version)) {
            json.text(capability);
        }
        json.end_array();
    }
    if (version.since(1, 9)) {
        write_drain(json, agent);
    }
    if (detail == AgentDetail::slaves) {
        write_agent_lists(json, scene, agent, used, offered);
    }
}

void write_recovered(Json& json, const MesosScene& scene) {
    if (!scene.version().since(1, 2)) {
        return;
    }
    json.begin_array("recovered_slaves");
    for (const FakeAgent& agent : scene.state->agents) {
        if (scene.leads() && agent.state == AgentState::recovered) {
            json.begin_object()
                .text("id", agent.id)
                .text("hostname", agent.hostname)
                .number("port", agent.port);
            write_attributes(json, agent.attributes);
            json.end_object();
        }
    }
    json.end_array();
}

}  // namespace caretaker::sandbox
