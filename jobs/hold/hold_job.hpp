// SPDX-License-Identifier: Apache-2.0
// The command `hold`: keeps a job, or all, from running for a while.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_hold_job();

/// The job's row of the registry.
JobEntry hold_job_entry();

}  // namespace caretaker
