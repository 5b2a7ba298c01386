// SPDX-License-Identifier: Apache-2.0
// Two runs side by side. Pure.
#pragma once

#include "common/base/table.hpp"
#include "common/store/run_records.hpp"

namespace caretaker {

/// One row for each thing that is not the same in both runs: values of the runs themselves, then
/// metrics, findings and actions. `a` stands left; for numbers CHANGE is b - a, for findings and
/// actions the word that says in which of the two they are.
Table format_run_diff(const RunDetails& a, const RunDetails& b);

}  // namespace caretaker
