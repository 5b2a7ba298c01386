// SPDX-License-Identifier: Apache-2.0
// The findings of a run as they stand after it.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/store/run_records.hpp"

#include <vector>

namespace caretaker {

/// With a store: as it compared them with earlier runs. The worst come first; among equals in the
/// order of their subjects.
std::vector<FindingState> stored_findings(const FindingsDiff& diff);

/// Without: all are new.
std::vector<FindingState> unstored_findings(const FinishedRun& run);

}  // namespace caretaker
