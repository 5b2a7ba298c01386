// SPDX-License-Identifier: Apache-2.0
// Apps, tasks and the queue as Marathon 0.8 to 1.10 answers them: what placing needs of them.
#pragma once

#include "common/clients/milli.hpp"
#include "common/clients/port_set.hpp"
#include "common/json/json_view.hpp"
#include "common/text/shared_text.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// ["hostname", "UNIQUE"], ["rack", "LIKE", "r.*"].
struct MarathonConstraint {
    std::string field{};
    std::string op{};  // in capitals
    std::optional<std::string> value{};
};

struct MarathonApp {
    std::string id{};  // "/logs/kibana"
    std::int64_t instances = 1;
    Milli cpus = 1000;
    Milli mem = 128'000;
    Milli disk = 0;         // scratch, and persistent volumes on the agents' root disks
    Milli volume_disk = 0;  // of it, those volumes
    Milli gpus = 0;
    std::optional<std::string> role{};                         // from 1.9 on
    std::optional<std::vector<std::string>> accepted_roles{};  // acceptedResourceRoles
    std::vector<MarathonConstraint> constraints{};
    PortSet static_ports{};              // on the host, each by its number
    std::int32_t dynamic_ports = 0;      // on the host, whatever their numbers
    bool wants_impossible_port = false;  // requirePorts with a port 0, which no agent can satisfy
    bool is_resident = false;            // its volumes persist
    bool has_disk_volumes = false;       // on path or mount disks
    std::optional<std::string> gpu_behavior{};  // label GPU_SCHEDULING_BEHAVIOR
    std::optional<Milli> min_health{};          // upgradeStrategy.minimumHealthCapacity, of 1
    std::optional<Milli> over_capacity{};       // upgradeStrategy.maximumOverCapacity, of 1
    bool kills_oldest_first = false;            // killSelection; else the youngest
    /// Instances of an older definition do not count for constraints. Scaling is no change.
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> config_changed{};
};

/// An element of `apps` of /v2/apps. Throws JsonError.
MarathonApp read_marathon_app(JsonView app);

/// A list of two or three texts, or the object of pods. Throws JsonError.
MarathonConstraint read_marathon_constraint(JsonView constraint);

struct MarathonTask {
    SharedText id{};
    SharedText app{};
    SharedText host{};
    SharedText agent{};  // its id; missing before 0.11
    SharedText state{};  // from 1.x on
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> version{};
    /// When it started or else was staged; 1970 where nothing tells.
    std::chrono::sys_time<std::chrono::milliseconds> started{};
    PortSet ports{};  // of the host
};

/// An element of `tasks` of /v2/tasks. Throws JsonError.
MarathonTask read_marathon_task(JsonView task);

/// Whether an instance in that state of Mesos has a place that constraints count.
bool is_placed_state(std::string_view state);

}  // namespace caretaker
