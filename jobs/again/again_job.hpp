// SPDX-License-Identifier: Apache-2.0
// The command `again`: repeats a run.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_again_job();

/// The job's row of the registry.
JobEntry again_job_entry();

}  // namespace caretaker
