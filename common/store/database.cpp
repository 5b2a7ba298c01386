// SPDX-License-Identifier: Apache-2.0
#include "common/store/database.hpp"

#include "common/base/die_point.hpp"
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <random>
#include <thread>

namespace caretaker {

namespace {

constexpr int oldest_sqlite = 3'037'000;
constexpr int tries_when_busy = 3;
constexpr std::chrono::milliseconds busy_timeout_once_stopped{1000};

std::string to_uri(std::string_view path) {
    std::string uri = "file:";
    for (const char letter : path) {
        if (letter == '%' || letter == '?' || letter == '#') {
            uri += fmt::format("%{:02X}", letter);
        } else {
            uri += letter;
        }
    }
    return uri + "?immutable=1";
}

struct TimeLimit {
    std::chrono::steady_clock::time_point end{};
    const StopSignal* stop = nullptr;
};

int on_progress(void* user) noexcept {
    const auto& limit = *static_cast<const TimeLimit*>(user);
    const bool stopped = limit.stop != nullptr && limit.stop->requested();
    return stopped || std::chrono::steady_clock::now() >= limit.end ? 1 : 0;
}

/// Spreads competing writers, so that they do not meet again.
std::chrono::milliseconds jitter() {
    std::random_device source;
    return std::chrono::milliseconds(std::uniform_int_distribution(100, 500)(source));
}

}  // namespace

void Database::Close::operator()(sqlite3* database) const noexcept {
    sqlite3_close_v2(database);
}

Database::Database(const std::string& path, Access access, const BusyWait& busy)
    : path_(path), busy_(busy) {
    const bool immutable = access == Access::immutable;
    const int flags = access == Access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                   : SQLITE_OPEN_READONLY;
    sqlite3* database = nullptr;
    const int result = sqlite3_open_v2(immutable ? to_uri(path).c_str() : path.c_str(),
                                       &database,
                                       flags | (immutable ? SQLITE_OPEN_URI : 0),
                                       nullptr);
    handle_.reset(database);
    if (result != SQLITE_OK) {
        throw_sqlite_error(database, path_, "opening", result);
    }
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_handler(database, on_busy, this);
}

Database::~Database() = default;

int Database::on_busy(void* self, int tries) noexcept {
    auto& database = *static_cast<Database*>(self);
    const auto now = std::chrono::steady_clock::now();
    if (tries == 0) {
        database.busy_since_ = now;
    }
    const bool stopped = database.busy_.stop != nullptr && database.busy_.stop->requested();
    const auto timeout = stopped ? std::min(database.busy_.timeout, busy_timeout_once_stopped)
                                 : database.busy_.timeout;
    if (now - database.busy_since_ >= timeout) {
        return 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(1 << std::min(tries, 5), 25)));
    return 1;
}

Statement Database::prepare(std::string_view sql) const {
    return {handle_.get(), sql, path_};
}

void Database::execute(std::string_view sql) const {
    const int result =
        sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) {
        throw_sqlite_error(handle_.get(), path_, sql, result);
    }
}

std::int64_t Database::integer(std::string_view sql) const {
    Statement statement = prepare(sql);
    if (!statement.step()) {
        throw StoreError(
            fmt::format("store {}: {}: no row came back", path_, shorten_statement(sql)));
    }
    return statement.integer(0);
}

std::string Database::text(std::string_view sql) const {
    Statement statement = prepare(sql);
    if (!statement.step()) {
        throw StoreError(
            fmt::format("store {}: {}: no row came back", path_, shorten_statement(sql)));
    }
    return statement.text(0);
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_.get());
}

std::int64_t Database::last_insert_id() const {
    return sqlite3_last_insert_rowid(handle_.get());
}

void Database::roll_back() const noexcept {
    if (sqlite3_get_autocommit(handle_.get()) == 0) {
        sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

void Database::write(std::string_view doing, const std::function<void()>& body) {
    for (int tries_left = tries_when_busy - 1;; --tries_left) {
        // Caught to try again when only the lock was missing, and to say what the caller was doing.
        try {
            die_point("store-before-write");
            Transaction transaction(*this);
            refuse_if_moved();
            body();
            die_point("store-before-commit");
            transaction.commit();
            die_point("store-after-commit");
            return;
        } catch (SqliteError& error) {
            const bool stopped = busy_.stop != nullptr && busy_.stop->requested();
            if (!error.is_busy() || tries_left == 0 || stopped) {
                error.add_context(doing);
                throw;
            }
        }
        std::this_thread::sleep_for(jitter());
    }
}

void Database::refuse_if_moved() const {
    int moved = 0;
    sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved != 0) {
        throw StoreError(
            fmt::format("store {}: its file was put aside meanwhile; start again", path_),
            "store_moved");
    }
}

void Database::leave_wal_alone(bool yes) const {
    sqlite3_db_config(
        handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, yes ? 1 : 0, static_cast<int*>(nullptr));
}

void Database::with_time_limit(std::chrono::milliseconds limit,
                               const std::function<void()>& body) const {
    constexpr int virtual_machine_steps = 10'000;
    TimeLimit state{.end = std::chrono::steady_clock::now() + limit, .stop = busy_.stop};
    sqlite3_progress_handler(handle_.get(), virtual_machine_steps, on_progress, &state);
    const auto remove = [](sqlite3* database) {
        sqlite3_progress_handler(database, 0, nullptr, nullptr);
    };
    const std::unique_ptr<sqlite3, decltype(remove)> removal(handle_.get(), remove);
    body();
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
    database_.execute(kind == Kind::exclusive ? "BEGIN EXCLUSIVE" : "BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    database_.roll_back();
}

void Transaction::commit() {
    database_.execute("COMMIT");
}

void require_sqlite_version(int version) {
    if (version < oldest_sqlite) {
        throw StoreError(
            fmt::format("the store needs SQLite {}.{} or later: this is {}.{}; install a newer "
                        "libsqlite3, or run "
                        "with --store none",
                        oldest_sqlite / 1'000'000,
                        oldest_sqlite / 1000 % 1000,
                        version / 1'000'000,
                        version / 1000 % 1000));
    }
}

}  // namespace caretaker
