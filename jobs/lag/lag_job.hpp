// SPDX-License-Identifier: Apache-2.0
// The job `lag`: how far consumer groups are behind the logs they read.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_lag_job();

/// The job's row of the registry.
JobEntry lag_job_entry();

}  // namespace caretaker
