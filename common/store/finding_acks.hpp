// SPDX-License-Identifier: Apache-2.0
// Marks findings as known, for a time.
#pragma once

#include "common/base/clock.hpp"

#include <cstdint>
#include <string_view>

namespace caretaker {

class Database;

/// Until then the finding does not count for --fail-on. A later call replaces time and note. False
/// when there is no such row. Within the caller's transaction.
bool acknowledge_finding(Database& database,
                         std::int64_t id,
                         WallTime until,
                         std::string_view note);

/// False when there is no such row, or nobody acknowledged it. Within the caller's transaction.
bool withdraw_acknowledgement(Database& database, std::int64_t id);

}  // namespace caretaker
