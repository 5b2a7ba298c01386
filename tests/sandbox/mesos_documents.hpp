// SPDX-License-Identifier: Apache-2.0
// The documents of a Mesos master's v0 endpoints.
#pragma once

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/platform_state.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// The cluster as one master sees it.
struct MesosScene {
    std::shared_ptr<const PlatformState> state{};
    std::vector<std::string> masters{};  // "127.0.0.1:5050"
    std::size_t master = 0;              // that answers

    [[nodiscard]] bool leads() const { return state->mesos.leader == master; }

    [[nodiscard]] const MesosVersion& version() const { return state->mesos.version; }
};

/// /slaves; with an id, that agent alone.
void write_slaves(Json& json, const MesosScene& scene, std::string_view only_id);

/// /state; of a master that does not lead: without agents and frameworks.
void write_state(Json& json, const MesosScene& scene);

void write_state_summary(Json& json, const MesosScene& scene);

/// /frameworks; with an id, that one alone.
void write_frameworks(Json& json, const MesosScene& scene, std::string_view only_id);

struct TaskListing {
    std::size_t limit = 100;
    std::size_t offset = 0;
    bool is_ascending = false;
    std::string framework_id{};
    std::string task_id{};
};

/// /tasks
void write_tasks(Json& json, const MesosScene& scene, const TaskListing& listing);

void write_flags(Json& json, const MesosScene& scene);
void write_version(Json& json, const MesosScene& scene);
void write_maintenance_schedule(Json& json, const MesosScene& scene);
void write_maintenance_status(Json& json, const MesosScene& scene);
void write_weights(Json& json, const MesosScene& scene);
void write_quota(Json& json, const MesosScene& scene);

/// The members of a quota's configuration from 1.9 on.
void write_quota_config(Json& json, const std::string& role, const FakeQuota& quota);

/// What the master was started with.
std::map<std::string, std::string> master_flags(const MesosScene& scene);

/// Of tasks and metrics.
std::map<std::string, std::size_t> count_task_states(const PlatformState& state);

/// What a reader sees of an agent, roles that are hidden from it left out.
std::vector<FakeResource> visible_total(const PlatformState& state, const FakeAgent& agent);

/// "version", "git_sha", "build_date", …
void write_build(Json& json, const MesosVersion& version);

/// Seconds since 1970.
double to_seconds(std::int64_t ms);

std::vector<std::string_view> agent_capabilities(const MesosVersion& version);

}  // namespace caretaker::sandbox
