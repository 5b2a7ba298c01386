// SPDX-License-Identifier: Apache-2.0
// What a file says it is, found out without changing it.
#pragma once

#include "common/store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

class Database;

/// Read by PRAGMA, never from the file's first bytes: after a kill these may lie in the -wal only.
struct StoreIdentity {
    std::int64_t application_id = 0;
    std::int64_t version = 0;  // of its schema
    std::int64_t tables = 0;   // and indices

    [[nodiscard]] bool is_empty() const { return application_id == 0 && tables == 0; }
};

StoreIdentity fetch_identity(const Database& database);

/// Throws StoreError "store_foreign" for another program's database.
void check_application(const StoreIdentity& identity, const std::string& path);

/// Throws StoreError "store_newer".
[[noreturn]] void refuse_newer(const StoreIdentity& identity, const std::string& path);

/// Throws StoreError "store_unopenable" for a directory.
void refuse_directory(const std::filesystem::path& path);

/// Throws StoreError "store_foreign" for a file that is too short for a database: SQLite takes it
/// for an empty one and would write over it.
void refuse_scrap(const std::filesystem::path& path);

/// Whether the file exists and is not empty.
bool has_bytes(const std::filesystem::path& path);

/// Throws StoreError when the current directory is gone.
std::string absolute_store_path(const std::string& path);

/// Opens an existing file for reading, also where this user may not write to its directory;
/// `warnings` then says so. Throws StoreError.
std::pair<std::unique_ptr<Database>, StoreIdentity> open_and_identify(
    const std::string& path, const StoreOptions& options, std::vector<std::string>& warnings);

/// The identity of the file at `options.path`; nothing when there is none, or nothing in it. Throws
/// StoreError when it is no database, or another program's.
std::optional<StoreIdentity> identify_store(const StoreOptions& options);

}  // namespace caretaker
