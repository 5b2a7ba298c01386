// SPDX-License-Identifier: Apache-2.0
// `kibana provision`: makes sure that a team's saved objects are there.
#pragma once

#include "common/base/upkeep_job.hpp"
#include "common/http/service_http.hpp"
#include "jobs/kibana/provision_bundle.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace caretaker {

struct Context;

struct ProvisionRequest {
    std::string directory{};  // of the bundle; empty: the template
    std::string template_name{};
    std::string template_index{};
    BundleVariables variables{};
    std::string app{};  // whose Kibana it is; empty: `kibana` has its address
    bool overwrites_drift = false;
    std::chrono::milliseconds wait{std::chrono::minutes(3)};  // until it must be ready
    std::string scheme{};
    std::string base_path{};
    ServiceOptions kibana{};
    std::optional<ServiceOptions> marathon{};
    std::optional<ServiceOptions> search{};
};

/// `request` and `context` outlive the task.
std::unique_ptr<UpkeepTask> begin_provisioning(const ProvisionRequest& request, Context& context);

}  // namespace caretaker
