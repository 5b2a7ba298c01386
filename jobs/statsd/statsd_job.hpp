// SPDX-License-Identifier: Apache-2.0
// The command `statsd`: whether metrics would arrive.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_statsd_job();

/// The job's row of the registry.
JobEntry statsd_job_entry();

}  // namespace caretaker
