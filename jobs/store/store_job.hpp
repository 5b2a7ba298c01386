// SPDX-License-Identifier: Apache-2.0
// The command `store`: looks after the file that keeps what runs did.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_store_job();

/// The job's row of the registry.
JobEntry store_job_entry();

}  // namespace caretaker
