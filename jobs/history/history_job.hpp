// SPDX-License-Identifier: Apache-2.0
// The command `history`: what the runs of all jobs did.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_history_job();

/// The job's row of the registry.
JobEntry history_job_entry();

}  // namespace caretaker
