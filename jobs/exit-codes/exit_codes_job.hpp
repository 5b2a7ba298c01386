// SPDX-License-Identifier: Apache-2.0
// The command `exit-codes`: the table of exit codes.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_exit_codes_job();

/// The job's row of the registry.
JobEntry exit_codes_job_entry();

}  // namespace caretaker
