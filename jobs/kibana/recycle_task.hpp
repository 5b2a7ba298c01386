// SPDX-License-Identifier: Apache-2.0
// `kibana recycle`: one round over the fleet.
#pragma once

#include "common/base/upkeep_job.hpp"
#include "jobs/kibana/kibana_settings.hpp"

#include <memory>

namespace caretaker {

struct Context;

/// `settings` and `context` outlive the task.
std::unique_ptr<UpkeepTask> begin_recycling(const KibanaSettings& settings, Context& context);

}  // namespace caretaker
