// SPDX-License-Identifier: Apache-2.0
// One run of `caretaker kibana provision`.
#pragma once

#include "common/base/upkeep_job.hpp"

#include <memory>

namespace caretaker {

struct Context;
struct ProvisionRequest;

/// `request` and `context` outlive the task.
std::unique_ptr<UpkeepTask> begin_provisioning(const ProvisionRequest& request, Context& context);

}  // namespace caretaker
