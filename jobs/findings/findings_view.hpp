// SPDX-License-Identifier: Apache-2.0
// Stored findings as a table. Pure.
#pragma once

#include "common/base/table.hpp"
#include "common/store/finding_records.hpp"

#include <span>
#include <string_view>

namespace caretaker {

/// "open", "acknowledged" or "resolved".
std::string_view finding_status(const FindingRow& row, WallTime now);

/// One row each, in the order given; ages are as of `now`.
Table format_finding_list(std::span<const FindingRow> rows, WallTime now);

}  // namespace caretaker
