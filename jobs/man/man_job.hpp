// SPDX-License-Identifier: Apache-2.0
// The command `man`: writes the man pages.
#pragma once

#include "common/base/job.hpp"

#include <memory>

namespace caretaker {

std::unique_ptr<Job> make_man_job();

JobEntry man_job_entry();

}  // namespace caretaker
