// SPDX-License-Identifier: Apache-2.0
// Opening a store: what may be opened, how, and what the operator should hear about it.
#include "common/store/database.hpp"
#include "common/store/meta_values.hpp"
#include "common/store/migrations.hpp"
#include "common/store/run_lock.hpp"
#include "common/store/schema.hpp"
#include "common/store/store.hpp"
#include "common/store/store_identity.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view in_memory = ":memory:";

/// Whether the file's writer said that readers of our version may go on.
bool allows_our_readers(const Database& database) {
    Statement statement = database.prepare("SELECT value FROM meta WHERE key = 'min_reader'");
    if (!statement.step()) {
        return false;
    }
    const std::string text = statement.text(0);
    int oldest = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), oldest);
    return parsed.ec == std::errc() && oldest <= store_schema_version;
}

/// Makes the file, so that its mode is ours and not SQLite's, and the directory if only that is
/// missing. A longer missing path is more likely a typing error or a disk that is not mounted.
void create_place(const fs::path& path) {
    const fs::path directory = path.parent_path();
    if (::mkdir(directory.c_str(), S_IRWXU | S_IRGRP | S_IXGRP) != 0 && errno != EEXIST) {
        throw StoreError(
            fmt::format(
                "store {}: making its directory: {}; make {} for this user, or name another "
                "file",
                path.native(),
                std::strerror(errno),
                directory.native()),
            "store_unopenable");
    }
    // With O_EXCL only: closing another descriptor of a file that SQLite has open would drop its
    // locks.
    const Fd created(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP));
}

void configure(const Database& database, const StoreOptions& options) {
    // Without WAL less than FULL could damage the file. With it NORMAL syncs when the log goes into
    // the file, which closing the store does.
    const bool at_the_end =
        options.sync == SyncOption::at_the_end && database.text("PRAGMA journal_mode") == "wal";
    database.execute(at_the_end ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
    database.execute("PRAGMA foreign_keys = ON");
    database.execute("PRAGMA temp_store = MEMORY");
    database.execute("PRAGMA journal_size_limit = 67108864");
    database.execute("PRAGMA wal_autocheckpoint = 1000");
    const auto page_size = static_cast<std::uint64_t>(database.integer("PRAGMA page_size"));
    database.execute(fmt::format("PRAGMA max_page_count = {}", options.max_bytes / page_size));
}

void set_journal_mode(const Database& database,
                      std::string_view wanted,
                      std::vector<std::string>& warnings) {
    if (database.text("PRAGMA journal_mode") == wanted) {
        return;
    }
    const std::string got = database.text(fmt::format("PRAGMA journal_mode = {}", wanted));
    if (got != wanted) {
        warnings.push_back(
            fmt::format("the store {} stays in journal mode {}: its file system does not "
                        "do {}",
                        database.path(),
                        got,
                        wanted));
    }
}

/// Whether the store's operator has not been told yet that it lies on such a file system.
bool note_first_warning(Database& database, std::string_view file_system) {
    constexpr std::string_view key = "warned_file_system";
    if (fetch_meta(database, key) == file_system) {
        return false;
    }
    database.write("noting the store's file system",
                   [&] { save_meta(database, key, file_system); });
    return true;
}

std::unique_ptr<Database> open_for_writing(const std::string& path,
                                           const StoreOptions& options,
                                           std::vector<std::string>& warnings) {
    refuse_directory(path);
    refuse_scrap(path);
    create_place(path);
    const bool wal_waits = has_bytes(path + "-wal");
    auto database = std::make_unique<Database>(
        path, Database::Access::read_write, BusyWait{options.busy_timeout, options.stop});
    if (wal_waits) {
        database->leave_wal_alone(true);  // it may be another program's
    }
    const StoreIdentity identity = fetch_identity(*database);
    if (identity.is_empty()) {
        // Has to come before the first page is written, and so before the journal mode.
        database->execute("PRAGMA auto_vacuum = INCREMENTAL");
    } else {
        check_application(identity, path);
        if (identity.version > store_schema_version) {
            refuse_newer(identity, path);
        }
    }
    database->leave_wal_alone(false);

    const FileSystem file_system = fetch_file_system(fs::path(path).parent_path());
    set_journal_mode(*database, journal_mode_for(options.journal, file_system.kind), warnings);
    configure(*database, options);
    migrate(*database, schema_steps());

    const std::string warning = file_system_warning(file_system, path);
    if (!warning.empty() && (file_system.kind == FileSystemKind::network ||
                             note_first_warning(*database, file_system.name))) {
        warnings.push_back(warning);
    }
    return database;
}

/// Null when there is no store yet.
std::unique_ptr<Database> open_for_reading(const std::string& path,
                                           const StoreOptions& options,
                                           std::vector<std::string>& warnings) {
    refuse_directory(path);
    refuse_scrap(path);
    std::error_code error;
    if (!fs::exists(path, error) && !error) {
        return nullptr;
    }
    auto [database, identity] = open_and_identify(path, options, warnings);
    if (identity.is_empty()) {
        return nullptr;
    }
    check_application(identity, path);
    if (identity.version > store_schema_version && !allows_our_readers(*database)) {
        refuse_newer(identity, path);
    }
    if (identity.version < store_schema_version) {
        throw StoreError(
            fmt::format("store {}: its schema has version {}, this caretaker knows version "
                        "{}; the next run of a job upgrades it",
                        path,
                        identity.version,
                        store_schema_version),
            "store_older");
    }
    database->execute("PRAGMA temp_store = MEMORY");
    return std::move(database);
}

}  // namespace

std::unique_ptr<Store> Store::open(const StoreOptions& options) {
    require_sqlite_version(sqlite3_libversion_number());
    std::vector<std::string> warnings;
    std::unique_ptr<Database> database;
    std::string path = options.path;
    if (path == in_memory) {
        database = std::make_unique<Database>(path, Database::Access::read_write, BusyWait{});
        configure(*database, options);
        migrate(*database, schema_steps());
    } else {
        path = absolute_store_path(path);
        database = options.read_only ? open_for_reading(path, options, warnings)
                                     : open_for_writing(path, options, warnings);
    }
    if (database == nullptr) {
        return nullptr;
    }
    auto store = std::make_unique<Store>(Key(), options, std::move(path), std::move(database));
    store->warnings_ = std::move(warnings);
    return store;
}

Store::Store(Key /*key*/,
             const StoreOptions& options,
             std::string path,
             std::unique_ptr<Database> database)
    : path_(std::move(path)),
      max_rows_per_run_(options.max_rows_per_run),
      max_bytes_(options.max_bytes),
      database_(std::move(database)) {}

Store::~Store() = default;

bool Store::is_in_memory() const {
    return path_ == in_memory;
}

std::string Store::lock_path() const {
    return run_lock_path(path_);
}

std::string sqlite_library_version() {
    return sqlite3_libversion();
}

}  // namespace caretaker
