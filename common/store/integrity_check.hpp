// SPDX-License-Identifier: Apache-2.0
// Notices a damaged file before more is written to it: SQLite itself may go on inserting for long.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace caretaker {

class Database;

/// `PRAGMA quick_check(1)`: "ok", or the first thing that is wrong; empty when `limit` was over
/// before anything showed.
std::string quick_check(const Database& database, std::chrono::milliseconds limit);

struct LastCheck {
    WallTime at{};
    std::string verdict{};  // "ok", "unfinished", or what is wrong
};

/// Nothing before the first check.
std::optional<LastCheck> fetch_last_check(const Database& database);

/// Notes what a check found; an empty verdict is an unfinished one.
void save_check(Database& database, WallTime now, const std::string& verdict);

/// Runs `PRAGMA quick_check(1)` unless it was done within the last day, for at most two seconds: a
/// large file may need longer, and its check is then noted as unfinished. StoreError when the file
/// is damaged, or was at the last check.
void check_integrity_once_a_day(Database& database, WallTime now);

}  // namespace caretaker
