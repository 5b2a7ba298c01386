// SPDX-License-Identifier: Apache-2.0
#include "common/store/store_identity.hpp"

#include "common/store/database.hpp"
#include "common/store/schema.hpp"

#include <fmt/format.h>

#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

/// With WAL the first read is what fails for lack of rights.
std::pair<std::unique_ptr<Database>, StoreIdentity> open_with(const std::string& path,
                                                              Database::Access access,
                                                              const BusyWait& busy) {
    auto database = std::make_unique<Database>(path, access, busy);
    const StoreIdentity identity = fetch_identity(*database);
    return {std::move(database), identity};
}

}  // namespace

StoreIdentity fetch_identity(const Database& database) {
    // One transaction: another process may be creating the tables between two reads.
    database.execute("BEGIN");
    const StoreIdentity identity{.application_id = database.integer("PRAGMA application_id"),
                                 .version = database.integer("PRAGMA user_version"),
                                 .tables = database.integer("SELECT count(*) FROM sqlite_schema")};
    database.execute("COMMIT");
    return identity;
}

void check_application(const StoreIdentity& identity, const std::string& path) {
    if (identity.application_id != application_id_of_store) {
        throw StoreError(
            fmt::format("store {}: not a store of caretaker but another program's database "
                        "(application id {}, {} tables and indices); name another file",
                        path,
                        identity.application_id,
                        identity.tables),
            "store_foreign");
    }
}

void refuse_newer(const StoreIdentity& identity, const std::string& path) {
    throw StoreError(
        fmt::format("store {}: its schema has version {}, this caretaker knows version {}; update "
                    "caretaker, or name another file",
                    path,
                    identity.version,
                    store_schema_version),
        "store_newer");
}

void refuse_directory(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        throw StoreError(
            fmt::format("store {0}: is a directory; name a file, such as {0}/caretaker.db",
                        path.native()),
            "store_unopenable");
    }
}

void refuse_scrap(const fs::path& path) {
    constexpr std::uintmax_t smallest_page = 512;
    std::error_code ignored;
    const auto size = fs::file_size(path, ignored);
    if (!ignored && size > 0 && size < smallest_page) {
        throw StoreError(
            fmt::format(
                "store {}: {} bytes are no database; name another file", path.native(), size),
            "store_foreign");
    }
}

bool has_bytes(const fs::path& path) {
    std::error_code ignored;
    const auto size = fs::file_size(path, ignored);
    return !ignored && size > 0;
}

std::string absolute_store_path(const std::string& path) {
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error);
    if (error) {
        throw StoreError(
            fmt::format("store {}: {}; name it by an absolute path", path, error.message()));
    }
    return absolute.lexically_normal();
}

std::pair<std::unique_ptr<Database>, StoreIdentity> open_and_identify(
    const std::string& path, const StoreOptions& options, std::vector<std::string>& warnings) {
    const BusyWait busy{options.busy_timeout, options.stop};
    std::string_view why;
    // Caught because there is a second way for a reader without rights on the directory, or without
    // room for the memory that WAL shares.
    try {
        return open_with(path, Database::Access::read_only, busy);
    } catch (const SqliteError& error) {
        if (!error.is_unwritable_for_reader() && !error.is_full()) {
            throw;
        }
        why = error.is_full() ? "its disk is full" : "this user may not write to its directory";
        if (has_bytes(path + "-wal") || has_bytes(path + "-journal")) {
            throw StoreError(
                fmt::format("store {}: {}, and its -wal or -journal holds changes that cannot be "
                            "read so; {}",
                            path,
                            why,
                            error.is_full() ? "free space on its disk" : "read as its owner"),
                error.is_full() ? "store_full" : "store_readonly");
        }
    }
    auto opened = open_with(path, Database::Access::immutable, busy);
    warnings.push_back(fmt::format(
        "the store {} is read without locks, because {}: what a run writes just now may be missing",
        path,
        why));
    return opened;
}

std::optional<StoreIdentity> identify_store(const StoreOptions& options) {
    const std::string path = absolute_store_path(options.path);
    refuse_directory(path);
    refuse_scrap(path);
    std::error_code error;
    if (!fs::exists(path, error) && !error) {
        return std::nullopt;
    }
    std::vector<std::string> warnings;
    const StoreIdentity identity = open_and_identify(path, options, warnings).second;
    if (identity.is_empty()) {
        return std::nullopt;
    }
    check_application(identity, path);
    return identity;
}

}  // namespace caretaker
