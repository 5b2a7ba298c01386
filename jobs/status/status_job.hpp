// SPDX-License-Identifier: Apache-2.0
// The command `status`: whether the jobs run, and run well.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_status_job();

/// The job's row of the registry.
JobEntry status_job_entry();

}  // namespace caretaker
