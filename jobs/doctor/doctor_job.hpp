// SPDX-License-Identifier: Apache-2.0
// The command `doctor`: whether everything that runs need is in order.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_doctor_job();

/// The job's row of the registry.
JobEntry doctor_job_entry();

}  // namespace caretaker
