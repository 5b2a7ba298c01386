// SPDX-License-Identifier: Apache-2.0
// `kibana sample`: reads the signals of all apps and keeps them; decides nothing.
#pragma once

#include "common/base/upkeep_job.hpp"
#include "jobs/kibana/kibana_settings.hpp"

#include <memory>

namespace caretaker {

struct Context;

/// `settings` and `context` outlive the task.
std::unique_ptr<UpkeepTask> begin_sampling(const KibanaSettings& settings, Context& context);

}  // namespace caretaker
