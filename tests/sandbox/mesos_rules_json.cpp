// SPDX-License-Identifier: Apache-2.0
// Maintenance, weights and quota of a Mesos cluster.
#include "tests/sandbox/mesos_documents.hpp"
#include "tests/sandbox/mesos_resource_json.hpp"

#include <algorithm>

namespace caretaker::sandbox {

namespace {

void write_machine(Json& json, const FakeMachine& machine) {
    json.begin_object();
    if (!machine.hostname.empty()) {
        json.text("hostname", machine.hostname);
    }
    if (!machine.ip.empty()) {
        json.text("ip", machine.ip);
    }
    json.end_object();
}

bool is_down(const PlatformState& state, const FakeMachine& machine) {
    return std::ranges::any_of(state.agents, [&](const FakeAgent& agent) {
        return agent.state == AgentState::down && agent.hostname == machine.hostname;
    });
}

void write_machines(Json& json, const PlatformState& state, bool down) {
    for (const FakeWindow& window : state.mesos.windows) {
        for (const FakeMachine& machine : window.machines) {
            if (is_down(state, machine) != down) {
                continue;
            }
            if (down) {
                write_machine(json, machine);
            } else {
                json.begin_object().key("id");
                write_machine(json, machine);
                json.end_object();
            }
        }
    }
}

}  // namespace

void write_maintenance_schedule(Json& json, const MesosScene& scene) {
    json.begin_object();
    if (!scene.state->mesos.windows.empty()) {
        json.begin_array("windows");
        for (const FakeWindow& window : scene.state->mesos.windows) {
            json.begin_object().begin_array("machine_ids");
            for (const FakeMachine& machine : window.machines) {
                write_machine(json, machine);
            }
            json.end_array().begin_object("unavailability");
            if (window.duration_ns) {
                json.begin_object("duration")
                    .integer("nanoseconds", *window.duration_ns)
                    .end_object();
            }
            json.begin_object("start").integer("nanoseconds", window.start_ns).end_object();
            json.end_object().end_object();
        }
        json.end_array();
    }
    json.end_object();
}

void write_maintenance_status(Json& json, const MesosScene& scene) {
    const PlatformState& state = *scene.state;
    json.begin_object();
    for (const bool down : {false, true}) {
        const bool is_there =
            std::ranges::any_of(state.mesos.windows, [&](const FakeWindow& window) {
                return std::ranges::any_of(window.machines, [&](const FakeMachine& machine) {
                    return is_down(state, machine) == down;
                });
            });
        if (is_there) {
            json.begin_array(down ? "down_machines" : "draining_machines");
            write_machines(json, state, down);
            json.end_array();
        }
    }
    json.end_object();
}

void write_weights(Json& json, const MesosScene& scene) {
    json.begin_array();
    for (const auto& [role, weight] : scene.state->mesos.weights) {
        json.begin_object().text("role", role).number("weight", weight).end_object();
    }
    json.end_array();
}

void write_quota_config(Json& json, const std::string& role, const FakeQuota& quota) {
    const auto write_amounts = [&](std::string_view name, const auto& amounts) {
        json.begin_object(name);
        for (const auto& [resource, milli] : amounts) {
            json.begin_object(resource).number("value", to_seconds(milli)).end_object();
        }
        json.end_object();
    };
    json.begin_object().text("role", role);
    write_amounts("guarantees", quota.guarantee);
    write_amounts("limits", quota.limit);
    json.end_object();
}

void write_quota(Json& json, const MesosScene& scene) {
    const auto& quotas = scene.state->mesos.quotas;
    json.begin_object();
    if (!quotas.empty()) {
        json.begin_array("infos");
        for (const auto& [role, quota] : quotas) {
            json.begin_object().text("role", role).begin_array("guarantee");
            for (const auto& [name, milli] : quota.guarantee) {
                write_typed(json, make_scalar(name, milli), ReservationForm::stack_only);
            }
            json.end_array().end_object();
        }
        json.end_array();
        if (scene.version().since(1, 9)) {
            json.begin_array("configs");
            for (const auto& [role, quota] : quotas) {
                write_quota_config(json, role, quota);
            }
            json.end_array();
        }
    }
    json.end_object();
}

}  // namespace caretaker::sandbox