// SPDX-License-Identifier: Apache-2.0
// SQLite with owned handles, typed values and exceptions; all that the store uses of the C
// interface.
#pragma once

#include "common/base/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace caretaker {

class StopSignal;

/// A StoreError with SQLite's result code. The message names the file, the statement and a way out.
class SqliteError final : public StoreError {
 public:
    SqliteError(const std::string& message, int extended_result);

    /// The primary code, e.g. SQLITE_BUSY.
    [[nodiscard]] int result() const noexcept { return extended_result_ & 0xff; }

    [[nodiscard]] bool is_busy() const noexcept;

    /// Ended by Database::with_time_limit().
    [[nodiscard]] bool is_interrupted() const noexcept;

    /// No room on the disk, or within StoreOptions::max_bytes; also for a reader, as WAL needs room
    /// for its memory.
    [[nodiscard]] bool is_full() const noexcept;

    /// Whether this is how a reader fails who may not write into the store's directory: WAL needs
    /// its two files beside the store even for reading.
    [[nodiscard]] bool is_unwritable_for_reader() const noexcept;

 private:
    int extended_result_;
};

/// Bytes that are no text.
struct Blob {
    std::string_view bytes{};
};

/// One prepared statement. Values are bound from 1, columns are read from 0, as SQLite counts them.
class Statement {
 public:
    Statement(sqlite3* database, std::string_view sql, std::string_view path);

    void bind(int index, std::int64_t value);
    void bind(int index, double value);
    void bind(int index, std::string_view value);
    void bind(int index, Blob value);
    void bind_null(int index);

    void bind(int index, int value) { bind(index, std::int64_t{value}); }

    void bind(int index, const char* value) { bind(index, std::string_view(value)); }

    void bind(int index, bool value) { bind(index, std::int64_t{value ? 1 : 0}); }

    template <typename T>
    void bind(int index, const std::optional<T>& value) {
        if (value) {
            bind(index, *value);
        } else {
            bind_null(index);
        }
    }

    /// Starts over with these values bound from 1 on.
    template <typename... Values>
    Statement& with(const Values&... values) {
        reset();
        int index = 0;
        (bind(++index, values), ...);
        return *this;
    }

    /// Goes to the next row; false after the last one.
    bool step();

    /// Runs a statement that gives no rows, or whose rows do not matter.
    void run();

    void reset() noexcept;

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;        // "" for NULL
    [[nodiscard]] std::string_view bytes(int column) const;  // the same; valid until the next step
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;

 private:
    void check(int result) const;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };

    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    std::string path_;
};

/// How to wait for another writer.
struct BusyWait {
    std::chrono::milliseconds timeout{5000};
    const StopSignal* stop = nullptr;  // once requested, `timeout` is at most one second
};

class Database {
 public:
    enum class Access {
        read_only,
        read_write,  // the file is created when it is missing
        immutable,   // read without locks: only sound while nobody writes
    };

    Database(const std::string& path, Access access, const BusyWait& busy);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    [[nodiscard]] Statement prepare(std::string_view sql) const;

    /// Runs one or more statements without values.
    void execute(std::string_view sql) const;

    /// The first column of the first row; throws when there is none.
    [[nodiscard]] std::int64_t integer(std::string_view sql) const;
    [[nodiscard]] std::string text(std::string_view sql) const;

    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] std::int64_t last_insert_id() const;

    /// Ends an open transaction without its changes. SQLite may have done so by itself (disk full),
    /// and should it fail, whoever opens the file next does it.
    void roll_back() const noexcept;

    /// Runs `body` in a transaction that holds the write lock from its start. When another writer
    /// keeps the lock for longer than the busy timeout, all is tried twice more; so `body` may run
    /// again, after a rollback. `doing` begins the message of an error: "recording the run".
    void write(std::string_view doing, const std::function<void()>& body);

    /// For what has no function here; stays the property of this object.
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }

    /// Keeps the last connection from moving a `-wal` into the file when it closes.
    void leave_wal_alone(bool yes) const;

    /// Runs `body` so that statements within it end with SQLITE_INTERRUPT after `limit` or a stop
    /// request.
    void with_time_limit(std::chrono::milliseconds limit, const std::function<void()>& body) const;

 private:
    /// What would be written now would stand in a file that nobody opens any more.
    void refuse_if_moved() const;

    static int on_busy(void* self, int tries) noexcept;

    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };

    std::string path_;
    BusyWait busy_;
    std::chrono::steady_clock::time_point busy_since_{};
    std::unique_ptr<sqlite3, Close> handle_;
};

/// BEGIN … COMMIT; rolled back when it goes out of scope without commit().
class Transaction {
 public:
    /// `exclusive` also keeps readers out where the journal mode is not WAL.
    enum class Kind { immediate, exclusive };

    explicit Transaction(Database& database, Kind kind = Kind::immediate);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

 private:
    Database& database_;
};

/// Throws StoreError when SQLite is older than 3.37, which knows no STRICT tables.
/// `version` is in the form of SQLITE_VERSION_NUMBER.
void require_sqlite_version(int version);

}  // namespace caretaker
