// SPDX-License-Identifier: Apache-2.0
// The command `rotate`: Curator's action files, carried out at any Elasticsearch or OpenSearch.
#pragma once

#include "common/base/job.hpp"

namespace caretaker {

JobEntry rotate_job_entry();

}  // namespace caretaker
