// SPDX-License-Identifier: Apache-2.0
#include "common/store/full_check.hpp"

#include "common/store/database.hpp"
#include "common/store/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace caretaker {

namespace {

constexpr int most_faults = 20;
/// Longer than any check: the limit is there for the stop request that goes with it.
constexpr std::chrono::hours no_limit{24 * 365};

/// The first faults, or the error of a file that is too damaged for the check itself.
template <typename Look>
std::vector<std::string> collect(const Database& database, Look look) {
    std::vector<std::string> faults;
    // Caught because damage is a result here.
    try {
        database.with_time_limit(no_limit, [&] { look(faults); });
    } catch (const SqliteError& error) {
        if (error.code() != "store_damaged") {
            throw;
        }
        faults.emplace_back(error.what());
    }
    return faults;
}

std::vector<std::string> check_integrity(const Database& database) {
    return collect(database, [&](std::vector<std::string>& faults) {
        Statement check = database.prepare(fmt::format("PRAGMA integrity_check({})", most_faults));
        while (check.step()) {
            std::string fault = check.text(0);
            // Two lines as a rule, the first of which names the database "main".
            std::ranges::replace(fault, '\n', ' ');
            if (fault != "ok") {
                faults.push_back(std::move(fault));
            }
        }
    });
}

std::vector<std::string> check_foreign_keys(const Database& database) {
    return collect(database, [&](std::vector<std::string>& faults) {
        Statement check = database.prepare("PRAGMA foreign_key_check");
        std::int64_t rows = 0;
        while (check.step()) {
            if (++rows <= most_faults) {
                faults.push_back(fmt::format("{} {}: its row of {} is not there",
                                             check.text(0),
                                             check.is_null(1) ? "row" : check.text(1),
                                             check.text(2)));
            }
        }
        if (rows > most_faults) {
            faults.push_back(fmt::format("and {} more rows", rows - most_faults));
        }
    });
}

/// Tables and indices by name, without SQLite's own.
std::map<std::string, std::string> fetch_schema(const Database& database) {
    Statement find = database.prepare(
        "SELECT name, type || ' ' || sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\'");
    std::map<std::string, std::string> schema;
    while (find.step()) {
        schema.emplace(find.text(0), find.text(1));
    }
    return schema;
}

std::vector<std::string> check_schema(const Database& database) {
    Database model(":memory:", Database::Access::read_write, BusyWait{});
    migrate(model, schema_steps());
    // What a newer version added is no fault.
    return collect(database, [&](std::vector<std::string>& faults) {
        const auto found = fetch_schema(database);
        for (const auto& [name, sql] : fetch_schema(model)) {
            const auto same = found.find(name);
            if (same == found.end()) {
                faults.push_back(name + " is missing");
            } else if (same->second != sql) {
                faults.push_back(name + " is different");
            }
        }
    });
}

}  // namespace

FullCheck check_fully(const Database& database) {
    return {.integrity = check_integrity(database),
            .foreign_keys = check_foreign_keys(database),
            .schema = check_schema(database)};
}

}  // namespace caretaker
