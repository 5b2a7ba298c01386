// SPDX-License-Identifier: Apache-2.0
#include "common/store/migrations.hpp"

#include "common/store/database.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t backups_kept = 2;

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

/// Under a name of its own first, so that a copy cut short never passes for a whole one.
void save_backup(const Database& database, int version) {
    const fs::path backup = fmt::format("{}.bak-v{}", database.path(), version);
    const fs::path unfinished = fmt::format("{}.{}.tmp", backup.native(), ::getpid());
    std::error_code error;
    fs::remove(unfinished, error);
    database.prepare("VACUUM INTO ?").with(unfinished.native()).run();
    if (fetch_version(database) != version) {
        fs::remove(unfinished,
                   error);  // another process was faster: this may be a copy of its work
        return;
    }
    ::chmod(unfinished.c_str(), S_IRUSR | S_IWUSR | S_IRGRP);
    fs::rename(unfinished, backup, error);
    if (error) {
        throw StoreError(fmt::format("store {}: saving a copy as {} before its schema changes: {}",
                                     database.path(),
                                     backup.native(),
                                     error.message()));
    }
    const auto backups = fetch_backups(database.path());
    for (std::size_t i = 0; i + backups_kept < backups.size(); ++i) {
        fs::remove(backups[i].second, error);  // a copy too many does no harm
    }
}

}  // namespace

void migrate(Database& database, std::span<const Migration> steps) {
    const int newest = steps.empty() ? 0 : steps.back().to_version;
    const int found = fetch_version(database);
    if (found >= newest) {
        return;
    }
    if (found > 0 && database.path() != ":memory:") {
        save_backup(database, found);
    }
    Transaction transaction(database, Transaction::Kind::exclusive);
    const int current = fetch_version(database);
    for (const Migration& step : steps) {
        if (step.to_version > current) {
            database.execute(step.sql);
            database.execute(fmt::format("PRAGMA user_version = {}", step.to_version));
        }
    }
    transaction.commit();
}

}  // namespace caretaker
