// SPDX-License-Identifier: Apache-2.0
#include "common/store/migrations.hpp"

#include "common/base/die_point.hpp"
#include "common/store/database.hpp"
#include "common/store/run_lock.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t backups_kept = 2;
constexpr const char* unfinished_suffix = ".tmp";

int fetch_version(const Database& database) {
    return static_cast<int>(database.integer("PRAGMA user_version"));
}

/// Copies left by earlier migrations, oldest schema first.
std::vector<std::pair<int, fs::path>> fetch_backups(const fs::path& file) {
    const std::string prefix = file.filename().string() + ".bak-v";
    std::vector<std::pair<int, fs::path>> backups;
    std::error_code error;
    for (fs::directory_iterator entry(file.parent_path(), error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        if (!name.starts_with(prefix)) {
            continue;
        }
        int version = 0;
        const char* name_end = name.data() + name.size();
        const auto parsed = std::from_chars(name.data() + prefix.size(), name_end, version);
        if (parsed.ec == std::errc() && parsed.ptr == name_end) {
            backups.emplace_back(version, entry->path());
        }
    }
    std::ranges::sort(backups);
    return backups;
}

/// What processes left behind that were killed while they copied: the piece and its journal. Only
/// sound under the migration lock, as all others' copies are then dead.
void remove_pieces(const fs::path& file) {
    const std::string prefix = file.filename().string() + ".bak-v";
    std::vector<fs::path> pieces;
    std::error_code error;
    for (fs::directory_iterator entry(file.parent_path(), error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        if (name.starts_with(prefix) &&
            (name.ends_with(unfinished_suffix) ||
             name.ends_with(std::string(unfinished_suffix) + "-journal"))) {
            pieces.push_back(entry->path());
        }
    }
    for (const fs::path& piece : pieces) {
        fs::remove(piece, error);  // one that stays does no harm but for its size
    }
}

/// The lock under which copies are made. A copy of a large store may take long.
RunLock wait_for_migration_lock(const Database& database, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds pause{20};
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (auto lock = RunLock::take(run_lock_path(database.path()), migration_lock)) {
            return std::move(*lock);
        }
        if (std::chrono::steady_clock::now() >= end) {
            throw StoreError(
                fmt::format("store {}: another process is copying it before its schema changes; "
                            "try again when that is done",
                            database.path()),
                "store_busy");
        }
        std::this_thread::sleep_for(pause);
    }
}

/// Under a name of its own first, so that a copy cut short never passes for a whole one.
void save_backup(const Database& database, int version) {
    const fs::path backup = fmt::format("{}.bak-v{}", database.path(), version);
    const fs::path unfinished = backup.native() + unfinished_suffix;
    remove_pieces(database.path());
    die_point("store-migration");
    database.prepare("VACUUM INTO ?").with(unfinished.native()).run();
    die_point("store-migration");
    std::error_code error;
    ::chmod(unfinished.c_str(), S_IRUSR | S_IWUSR | S_IRGRP);
    fs::rename(unfinished, backup, error);
    if (error) {
        throw StoreError(fmt::format("store {}: saving a copy as {} before its schema changes: {}",
                                     database.path(),
                                     backup.native(),
                                     error.message()));
    }
    die_point("store-migration");
    const auto backups = fetch_backups(database.path());
    for (std::size_t i = 0; i + backups_kept < backups.size(); ++i) {
        fs::remove(backups[i].second, error);  // a copy too many does no harm
    }
}

}  // namespace

void migrate(Database& database,
             std::span<const Migration> steps,
             std::chrono::milliseconds patience) {
    const int newest = steps.empty() ? 0 : steps.back().to_version;
    const int found = fetch_version(database);
    if (found >= newest) {
        return;
    }
    std::optional<RunLock> lock;
    if (found > 0 && database.path() != ":memory:") {
        lock = wait_for_migration_lock(database, patience);
        // Another process may have done all meanwhile.
        if (const int left = fetch_version(database); left < newest) {
            save_backup(database, left);
        }
    }
    Transaction transaction(database, Transaction::Kind::exclusive);
    const int current = fetch_version(database);
    for (const Migration& step : steps) {
        if (step.to_version > current) {
            database.execute(step.sql);
            database.execute(fmt::format("PRAGMA user_version = {}", step.to_version));
        }
    }
    die_point("store-migration");
    transaction.commit();
    die_point("store-migration");
}

}  // namespace caretaker
