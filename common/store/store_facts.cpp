// SPDX-License-Identifier: Apache-2.0
#include "common/store/store_facts.hpp"

#include "common/store/database.hpp"
#include "common/store/meta_values.hpp"
#include "common/store/time_columns.hpp"

#include <array>
#include <chrono>

namespace caretaker {

namespace {

constexpr std::array<const char*, 8> growing_tables{
    "runs", "actions", "run_metrics", "findings", "samples", "snapshots", "events", "outbox"};

std::optional<std::int64_t> count_rows(const Database& database,
                                       const std::string& table,
                                       std::chrono::milliseconds limit) {
    std::optional<std::int64_t> rows;
    // Caught because running out of time is one of the two expected ends.
    try {
        database.with_time_limit(limit,
                                 [&] { rows = database.integer("SELECT count(*) FROM " + table); });
    } catch (const SqliteError& error) {
        if (!error.is_interrupted()) {
            throw;
        }
    }
    return rows;
}

std::optional<WallTime> fetch_run_time(const Database& database, const std::string& which) {
    Statement find = database.prepare("SELECT " + which + "(started_ms) FROM runs");
    find.step();
    return to_wall_time(find.optional_integer(0));
}

}  // namespace

StoreFacts fetch_store_facts(const Database& database, std::chrono::milliseconds limit) {
    StoreFacts facts{.application_id = database.integer("PRAGMA application_id"),
                     .pages = fetch_page_use(database),
                     .oldest_run = fetch_run_time(database, "min"),
                     .newest_run = fetch_run_time(database, "max"),
                     .last_check = fetch_last_check(database),
                     .last_prune = to_wall_time(fetch_meta_integer(database, last_prune_key)),
                     .next_prune = to_wall_time(fetch_meta_integer(database, prune_due_key))};
    const auto end = std::chrono::steady_clock::now() + limit;
    for (const char* table : growing_tables) {
        const auto left =
            std::chrono::floor<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        facts.counts.push_back({.table = table, .rows = count_rows(database, table, left)});
    }
    return facts;
}

}  // namespace caretaker
