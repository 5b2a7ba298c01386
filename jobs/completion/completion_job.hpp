// SPDX-License-Identifier: Apache-2.0
// The command `completion`: scripts with which shells complete caretaker's command line.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_completion_job();

JobEntry completion_job_entry();

}  // namespace caretaker
