// SPDX-License-Identifier: Apache-2.0
// The command `config`: what is configured, and from where.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_config_job();

/// The job's row of the registry.
JobEntry config_job_entry();

}  // namespace caretaker
