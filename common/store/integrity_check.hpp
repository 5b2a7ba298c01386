// SPDX-License-Identifier: Apache-2.0
// Notices a damaged file before more is written to it: SQLite itself may go on inserting for long.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>
#include <string>

namespace caretaker {

class Database;

/// `PRAGMA quick_check(1)`: "ok", or the first thing that is wrong; empty when `limit` was over
/// before anything showed.
std::string quick_check(const Database& database, std::chrono::milliseconds limit);

/// Runs `PRAGMA quick_check(1)` unless one was begun within the last day, for at most two seconds:
/// of a large file only the front is read. StoreError when the file is damaged.
void check_integrity_once_a_day(Database& database, WallTime now);

}  // namespace caretaker
