// SPDX-License-Identifier: Apache-2.0
// The command `cleanup`.
#pragma once

#include "common/base/job.hpp"

namespace caretaker {

JobEntry cleanup_job_entry();

}  // namespace caretaker
