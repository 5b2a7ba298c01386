// SPDX-License-Identifier: Apache-2.0
// The command `holds`: which jobs are held, by whom and why.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_holds_job();

/// The job's row of the registry.
JobEntry holds_job_entry();

}  // namespace caretaker
