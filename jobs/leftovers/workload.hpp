// SPDX-License-Identifier: Apache-2.0
// What runs in a cluster and is to run there, as its Marathon tells.
#pragma once

#include "common/clients/marathon_app.hpp"
#include "jobs/leftovers/accepted_roles.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace caretaker {

/// Settings of a Marathon that decide on placing, with the defaults of 1.10.
struct MarathonSettings {
    std::string version{};
    std::string role{"*"};  // --mesos_role, of apps that name none
    /// --accepted_resource_roles_default_behavior, of apps without acceptedResourceRoles
    AcceptedRoles accepted = AcceptedRoles::any;
};

/// Pods are apps whose instances are tasks.
struct Workload {
    bool is_known = false;  // a Marathon was asked, or its answers were among the input
    MarathonSettings settings{};
    std::vector<MarathonApp> apps{};
    std::vector<MarathonTask> tasks{};
    std::map<std::string, std::int64_t> waiting{};  // instances in the queue, by app
};

}  // namespace caretaker
