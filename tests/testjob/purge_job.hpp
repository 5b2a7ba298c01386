// SPDX-License-Identifier: Apache-2.0
// The command `purge`: deletes old things over HTTP, to try what every job that changes things has
// in common. Not part of the product.
#pragma once

#include "common/base/job.hpp"

namespace caretaker::testing {

JobEntry purge_job_entry();

}  // namespace caretaker::testing
