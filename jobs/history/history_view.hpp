// SPDX-License-Identifier: Apache-2.0
// Stored runs as tables. Pure.
#pragma once

#include "common/base/table.hpp"
#include "common/store/run_records.hpp"

#include <span>
#include <vector>

namespace caretaker {

/// One row a run, in the order given.
Table format_run_list(std::span<const RunRow> runs);

/// Everything about one run that the list has no room for: its own values, then its metrics with
/// their change since the run before, its findings and its actions, those that there are.
std::vector<Table> format_run_details(const RunDetails& details);

}  // namespace caretaker
