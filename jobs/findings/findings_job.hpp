// SPDX-License-Identifier: Apache-2.0
// The command `findings`: what jobs found, and what of it is known already.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_findings_job();

/// The job's row of the registry.
JobEntry findings_job_entry();

}  // namespace caretaker
