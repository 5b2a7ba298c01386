// SPDX-License-Identifier: Apache-2.0
// Brings a database from the schema version it has to a later one, all steps or none.
#pragma once

#include <chrono>
#include <span>
#include <string_view>

namespace caretaker {

class Database;

struct Migration {
    int to_version = 0;
    std::string_view sql{};
};

/// Applies the steps above `PRAGMA user_version`, in their order, in one exclusive transaction.
/// Processes may do this at the same time: the version is read again once the lock is held. Before
/// a database that holds a schema already is changed it is copied to `<file>.bak-v<version>`; the
/// two newest copies stay, and pieces of copies that a killed process left are removed. StoreError
/// "store_busy" when another process is at that copy for longer than `patience`.
void migrate(Database& database,
             std::span<const Migration> steps,
             std::chrono::milliseconds patience = std::chrono::seconds(30));

}  // namespace caretaker
