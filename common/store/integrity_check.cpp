// SPDX-License-Identifier: Apache-2.0
#include "common/store/integrity_check.hpp"

#include "common/store/database.hpp"
#include "common/store/meta_values.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::chrono::hours interval{24};
constexpr std::chrono::seconds time_limit{2};
constexpr std::string_view time_key = "quick_check_ms";
constexpr std::string_view verdict_key = "quick_check";
constexpr std::string_view intact = "ok";
constexpr std::string_view unfinished = "unfinished";

/// A clock that went back does not keep the check from running.
bool is_due(const std::optional<LastCheck>& last, WallTime now) {
    return !last || now < last->at || now - last->at >= interval;
}

void refuse_if_damaged(const Database& database, const std::string& verdict) {
    if (verdict != intact && verdict != unfinished) {
        throw StoreError(
            fmt::format("store {}: the file is damaged: {}; `caretaker store check` checks it "
                        "again, `caretaker store reset` puts it aside",
                        database.path(),
                        verdict),
            "store_damaged");
    }
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
    // Two lines as a rule, the first of which names the database "main".
    std::ranges::replace(verdict, '\n', ' ');
    return verdict;
}

std::optional<LastCheck> fetch_last_check(const Database& database) {
    const auto at = fetch_meta_integer(database, time_key);
    if (!at) {
        return std::nullopt;
    }
    return LastCheck{.at = to_wall_time(*at),
                     .verdict = fetch_meta(database, verdict_key).value_or(std::string(intact))};
}

void save_check(Database& database, WallTime now, const std::string& verdict) {
    database.write("noting the check of the store", [&] {
        save_meta_integer(database, time_key, to_milliseconds(now));
        save_meta(database, verdict_key, verdict.empty() ? unfinished : verdict);
    });
}

void check_integrity_once_a_day(Database& database, WallTime now) {
    const auto last = fetch_last_check(database);
    if (!is_due(last, now)) {
        refuse_if_damaged(database, last->verdict);
        return;
    }
    const std::string found = quick_check(database, time_limit);
    const std::string verdict = found.empty() ? std::string(unfinished) : found;
    // Caught because the damage matters more than that it could not be noted.
    try {
        save_check(database, now, verdict);
    } catch (const StoreError&) {
        refuse_if_damaged(database, verdict);
        throw;
    }
    refuse_if_damaged(database, verdict);
}

}  // namespace caretaker
