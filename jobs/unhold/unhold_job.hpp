// SPDX-License-Identifier: Apache-2.0
// The command `unhold`: lets a held job run again.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_unhold_job();

/// The job's row of the registry.
JobEntry unhold_job_entry();

}  // namespace caretaker
