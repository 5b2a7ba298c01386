// SPDX-License-Identifier: Apache-2.0
// Stored findings as a table. Pure.
#pragma once

#include "common/base/exit_code.hpp"
#include "common/base/report.hpp"
#include "common/base/table.hpp"
#include "common/store/finding_records.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

/// "open", "acknowledged" or "resolved".
std::string_view finding_status(const FindingRow& row, WallTime now);

/// One row each, in the order given; ages are as of `now`.
Table format_finding_list(std::span<const FindingRow> rows, WallTime now);

/// The numbers of open findings that nobody acknowledged, by severity, and of those that somebody
/// did.
std::vector<Metric> count_findings(std::span<const FindingRow> open, WallTime now);

/// What a monitoring plugin says of open findings: critical from high on, warning from warn on,
/// whatever is acknowledged left out.
NagiosState judge_findings(std::span<const FindingRow> open, WallTime now);

}  // namespace caretaker
