// SPDX-License-Identifier: Apache-2.0
// SQLite with owned handles, typed values and exceptions; all that the store uses of the C
// interface.
#pragma once

#include "common/store/sqlite_error.hpp"
#include "common/store/statement.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace caretaker {

class StopSignal;

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
