// SPDX-License-Identifier: Apache-2.0
// The command `idle`: ends as it is told, to try what every run has in common. Not part of the
// product.
#pragma once

#include "common/base/job.hpp"

namespace caretaker::testing {

JobEntry idle_job_entry();

}  // namespace caretaker::testing
