// SPDX-License-Identifier: Apache-2.0
#include "common/store/store_reset.hpp"

#include "common/base/die_point.hpp"
#include "common/store/database.hpp"
#include "common/store/run_lock.hpp"
#include "common/store/store_identity.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

/// The database itself last: once it has its second name, so has all that belongs to it.
constexpr std::array<const char*, 3> parts{"-wal", "-journal", ""};

/// Where the file really lies: SQLite keeps its -wal beside that.
fs::path real_path(const std::string& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    return error ? fs::path(path) : real;
}

/// Second names that a reset gave which was killed before it took the first ones away: the store is
/// still in use under its own, and would be changed under both.
void remove_second_names(const fs::path& file) {
    const std::string prefix = file.filename().string() + ".corrupt-";
    std::vector<fs::path> names;
    std::error_code error;
    for (fs::directory_iterator entry(file.parent_path(), error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code unknown;
        const std::string name = entry->path().filename();
        for (const std::string part : parts) {
            const fs::path own = file.native() + part;
            if (name.starts_with(prefix) && fs::equivalent(entry->path(), own, unknown)) {
                names.push_back(entry->path());
            }
        }
    }
    for (const fs::path& name : names) {
        fs::remove(name, error);
    }
}

/// A name that is not taken.
fs::path choose_name(const fs::path& file, WallTime now) {
    const std::string first = fmt::format("{}.corrupt-{:%Y%m%dT%H%M%SZ}",
                                          file.native(),
                                          fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    std::string name = first;
    std::error_code error;
    for (int number = 2; fs::exists(name, error); ++number) {
        name = fmt::format("{}-{}", first, number);
    }
    return name;
}

/// Keeps writers out and moves the -wal into the file, as far as the file is sound enough for that.
/// The caller keeps the result until the names are changed.
std::unique_ptr<Database> hold_database(const fs::path& file, const StoreOptions& options) {
    std::unique_ptr<Database> database;
    // Caught because a damaged file is what this is for.
    try {
        database = std::make_unique<Database>(file.native(),
                                              Database::Access::read_write,
                                              BusyWait{options.busy_timeout, options.stop});
        // Its close comes after the change of names, when that of the -wal may be another store's.
        database->leave_wal_alone(true);
        const StoreIdentity identity = fetch_identity(*database);
        if (!identity.is_empty()) {
            check_application(identity, file.native());
        }
        database->execute("PRAGMA wal_checkpoint(TRUNCATE)");
        database->execute("BEGIN IMMEDIATE");
    } catch (const SqliteError& error) {
        if (error.is_busy() || error.code() == "store_readonly" || error.code() == "store_full") {
            throw;
        }
    }
    return database;
}

[[noreturn]] void fail_moving(const fs::path& from, const fs::path& to, int error) {
    throw StoreError(fmt::format("store {}: moving it to {}: {}; nothing is lost, check the rights "
                                 "on its directory",
                                 from.native(),
                                 to.native(),
                                 std::generic_category().message(error)),
                     "store_reset");
}

/// So that a power cut does not bring back the old names without the new ones.
void sync_directory(const fs::path& directory) {
    const Fd handle(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle) {
        ::fsync(handle.get());
    }
}

/// Which file a name stands for.
struct FileId {
    dev_t device = 0;
    ino_t number = 0;

    friend bool operator==(const FileId&, const FileId&) = default;
};

std::optional<FileId> identify_file(const fs::path& name) {
    struct stat status {};

    if (::lstat(name.c_str(), &status) != 0) {
        return std::nullopt;
    }
    return FileId{.device = status.st_dev, .number = status.st_ino};
}

/// A name that is to go, as long as it stands for the same file: as soon as the database is gone
/// another process may begin a new one, with a -wal of its own.
struct OldName {
    fs::path name{};
    std::optional<FileId> file{};
};

/// The database first: SQLite takes no notice of a -wal without one, but it would of a database
/// whose -wal is gone.
std::vector<OldName> find_old_names(const fs::path& file) {
    std::vector<OldName> names;
    for (const char* part : {"", "-wal", "-journal", "-shm"}) {
        const fs::path name = file.native() + part;
        names.push_back({.name = name, .file = identify_file(name)});
    }
    return names;
}

/// The -shm gets no second name: SQLite makes it anew from the -wal.
void give_second_names(const fs::path& file, const fs::path& aside) {
    std::vector<std::string> given;
    for (const std::string part : parts) {
        const fs::path from = file.native() + part;
        const fs::path to = aside.native() + part;
        if (!part.empty() && !has_bytes(from)) {
            continue;
        }
        die_point("store-reset");
        if (::link(from.c_str(), to.c_str()) != 0) {
            const int error = errno;
            for (const std::string& name : given) {
                ::unlink(name.c_str());
            }
            fail_moving(from, to, error);
        }
        given.push_back(to);
    }
}

/// Both names stand for the file before the old one goes: a database without its -wal would be one
/// without what was written last.
void change_names(const fs::path& file, const fs::path& aside) {
    const std::vector<OldName> old_names = find_old_names(file);
    give_second_names(file, aside);
    sync_directory(file.parent_path());
    for (const OldName& old : old_names) {
        die_point("store-reset");
        const bool is_same = old.file && identify_file(old.name) == old.file;
        if (is_same && ::unlink(old.name.c_str()) != 0) {
            fail_moving(old.name, aside, errno);
        }
    }
    sync_directory(file.parent_path());
}

}  // namespace

std::vector<StoreFile> find_store_files(const std::string& path) {
    const fs::path file = real_path(absolute_store_path(path));
    refuse_directory(file);
    std::vector<StoreFile> files;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        const fs::path name = file.native() + *part;
        std::error_code missing;
        const auto size = fs::file_size(name, missing);
        if (!missing && (size > 0 || files.empty())) {
            files.push_back({.path = name, .bytes = size});
        } else if (files.empty()) {
            return files;  // what belongs to a file that is not there
        }
    }
    return files;
}

std::optional<StoreReset> put_store_aside(const StoreOptions& options, WallTime now) {
    const std::string path = absolute_store_path(options.path);
    if (find_store_files(path).empty()) {
        return std::nullopt;
    }
    const auto lock = RunLock::take_all(run_lock_path(path));
    if (!lock) {
        throw StoreError(
            fmt::format("store {}: runs are under way, or it is being pruned; wait for their end "
                        "(`caretaker history --outcome running`), or end them",
                        path),
            "store_busy");
    }
    const fs::path file = real_path(path);
    const auto database = hold_database(file, options);
    remove_second_names(file);
    const fs::path aside = choose_name(file, now);
    change_names(file, aside);
    return StoreReset{.aside = aside, .files = find_store_files(aside)};
}

}  // namespace caretaker
