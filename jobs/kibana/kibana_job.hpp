// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/base/job.hpp"

namespace caretaker {

/// Suspends the Kibanas that nobody uses, and wakes them when somebody comes.
JobEntry kibana_job_entry();

}  // namespace caretaker
