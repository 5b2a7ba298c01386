// SPDX-License-Identifier: Apache-2.0
#include "common/store/store_health.hpp"

#include "common/store/database.hpp"
#include "common/store/integrity_check.hpp"
#include "common/store/journal_mode.hpp"

#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace caretaker {

namespace {

std::optional<std::uint64_t> fetch_free_bytes(const std::filesystem::path& directory) {
    std::error_code unknown;
    const auto space = std::filesystem::space(directory, unknown);
    return unknown ? std::nullopt : std::optional<std::uint64_t>(space.available);
}

bool may_write(const std::filesystem::path& path) {
    return ::access(path.c_str(), W_OK) == 0;
}

}  // namespace

StoreHealth examine_store(const Database& database, std::chrono::milliseconds limit) {
    const std::filesystem::path directory = std::filesystem::path(database.path()).parent_path();
    const FileSystem file_system = fetch_file_system(directory);
    return {.path = database.path(),
            .schema_version = static_cast<int>(database.integer("PRAGMA user_version")),
            .writable = may_write(database.path()) && may_write(directory),
            .journal_mode = database.text("PRAGMA journal_mode"),
            .bytes = static_cast<std::uint64_t>(database.integer("PRAGMA page_count") *
                                                database.integer("PRAGMA page_size")),
            .quick_check = quick_check(database, limit),
            .file_system = std::string(file_system.name),
            .file_system_warning = file_system_warning(file_system, database.path()),
            .free_bytes = fetch_free_bytes(directory)};
}

}  // namespace caretaker
