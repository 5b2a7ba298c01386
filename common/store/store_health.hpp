// SPDX-License-Identifier: Apache-2.0
// What can be told of a store's file by looking at it.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace caretaker {

class Database;

struct StoreHealth {
    std::string path{};
    int schema_version = 0;
    bool writable = false;       // for us: the file, and its directory for the journal
    std::string journal_mode{};  // as SQLite names it: "wal", "truncate"
    std::uint64_t bytes = 0;     // of the file, without its -wal
    /// "ok", or the first thing that is wrong; empty when the time was over before.
    std::string quick_check{};
    std::string file_system{};                  // "local", "NFS", …
    std::string file_system_warning{};          // what an operator should know; empty when nothing
    std::optional<std::uint64_t> free_bytes{};  // for us, where the file lies
};

/// Reads only. `PRAGMA quick_check(1)` gets `limit` and is then given up.
StoreHealth examine_store(const Database& database, std::chrono::milliseconds limit);

}  // namespace caretaker
