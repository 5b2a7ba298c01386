// SPDX-License-Identifier: Apache-2.0
// Reads findings.
#pragma once

#include "common/store/finding_records.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;

/// Open ones before resolved ones, the worst first, among equals the one seen last. Listing the
/// resolved ones too walks through the whole table, which pruning keeps small.
std::vector<FindingRow> fetch_findings(const Database& database, const FindingFilter& filter);

/// The finding that a person means: by the id of its row, else by the beginning of its fingerprint.
/// Nothing when there is none; UsageError when several begin so.
std::optional<FindingRow> select_finding(const Database& database, std::string_view selector);

}  // namespace caretaker
