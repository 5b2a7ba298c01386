// SPDX-License-Identifier: Apache-2.0
#include "common/store/integrity_check.hpp"

#include "common/store/database.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

constexpr std::chrono::hours interval{24};
constexpr std::chrono::seconds time_limit{2};

/// A clock that went back does not keep the check from running.
bool is_due(const Database& database, WallTime now) {
    Statement last =
        database.prepare("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'quick_check_ms'");
    if (!last.step()) {
        return true;
    }
    const WallTime checked = to_wall_time(last.integer(0));
    return now < checked || now - checked >= interval;
}

}  // namespace

std::string quick_check(const Database& database, std::chrono::milliseconds limit) {
    std::string verdict;
    // Caught because running out of time is one of the two expected ends.
    try {
        database.with_time_limit(limit, [&] { verdict = database.text("PRAGMA quick_check(1)"); });
    } catch (const SqliteError& error) {
        if (!error.is_interrupted()) {
            throw;
        }
    }
    return verdict;
}

void check_integrity_once_a_day(Database& database, WallTime now) {
    if (!is_due(database, now)) {
        return;
    }
    const std::string verdict = quick_check(database, time_limit);
    if (!verdict.empty() && verdict != "ok") {
        throw StoreError(
            fmt::format("store {}: the file is damaged: {}; move it and its -wal and -shm "
                        "away, the next run begins a new one",
                        database.path(),
                        verdict),
            "store_damaged");
    }
    database.write("noting the check of the store", [&] {
        database.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES('quick_check_ms', ?)")
            .with(std::to_string(to_milliseconds(now)))
            .run();
    });
}

}  // namespace caretaker
