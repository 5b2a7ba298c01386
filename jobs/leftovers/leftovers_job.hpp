// SPDX-License-Identifier: Apache-2.0
// The job `leftovers`: what is really left in a Mesos cluster.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_leftovers_job();

/// The job's row of the registry.
JobEntry leftovers_job_entry();

}  // namespace caretaker
