// SPDX-License-Identifier: Apache-2.0
#include "common/store/database.hpp"

#include "common/base/die_point.hpp"
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

/// The primary code; a lack of room counts as such wherever it shows.
int primary_code(int extended_result) {
    return extended_result == SQLITE_IOERR_SHMSIZE ? SQLITE_FULL : extended_result & 0xff;
}

std::string_view advice(int extended_result) {
    switch (primary_code(extended_result)) {
        case SQLITE_FULL:
            return "free space on its disk, or raise store.max_bytes";
        case SQLITE_NOTADB:
            return "this is not a store of caretaker; name another file, or put this one aside by "
                   "`caretaker store reset`";
        case SQLITE_CORRUPT:
            return "the file is damaged; `caretaker store reset` puts it aside, and the next run "
                   "begins a new one";
        case SQLITE_READONLY:
            return "make the file and its directory writable for this user, or name another file";
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            return "check that its directory exists and that this user may write to it";
        case SQLITE_BUSY:
            return "another process kept it locked for too long; try again";
        case SQLITE_IOERR:
            return "look for disk errors; mount its whole directory into a container, never the "
                   "file";
        default:
            return "try again; if it stays, report it";
    }
}

std::string_view stable_word(int extended_result) {
    switch (primary_code(extended_result)) {
        case SQLITE_FULL:
            return "store_full";
        case SQLITE_NOTADB:
            return "store_foreign";
        case SQLITE_CORRUPT:
            return "store_damaged";
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return "store_readonly";
        case SQLITE_CANTOPEN:
            return "store_unopenable";
        case SQLITE_BUSY:
            return "store_busy";
        default:
            return "store";
    }
}

/// The beginning of a statement, on one line: enough to find it in the source.
std::string shorten(std::string_view sql) {
    constexpr std::size_t longest = 60;
    std::string line;
    for (const char letter : sql) {
        const bool blank = letter == ' ' || letter == '\n';
        if (!blank) {
            line += letter;
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
        if (line.size() == longest) {
            return line + "…";
        }
    }
    return line;
}

[[noreturn]] void fail(sqlite3* database,
                       std::string_view path,
                       std::string_view doing,
                       int result) {
    const int extended = database == nullptr ? result : sqlite3_extended_errcode(database);
    const char* text = database == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(database);
    throw SqliteError(
        fmt::format("store {}: {}: {}; {}", path, shorten(doing), text, advice(extended)),
        extended);
}

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

SqliteError::SqliteError(const std::string& message, int extended_result)
    : StoreError(message, std::string(stable_word(extended_result))),
      extended_result_(extended_result) {}

bool SqliteError::is_busy() const noexcept {
    return result() == SQLITE_BUSY;
}

bool SqliteError::is_interrupted() const noexcept {
    return result() == SQLITE_INTERRUPT;
}

bool SqliteError::is_full() const noexcept {
    return primary_code(extended_result_) == SQLITE_FULL;
}

bool SqliteError::is_unwritable_for_reader() const noexcept {
    return result() == SQLITE_READONLY || result() == SQLITE_CANTOPEN;
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql, std::string_view path) : path_(path) {
    sqlite3_stmt* statement = nullptr;
    const int result =
        sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    handle_.reset(statement);
    if (result != SQLITE_OK) {
        fail(database, path_, sql, result);
    }
}

void Statement::check(int result) const {
    if (result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE) {
        fail(sqlite3_db_handle(handle_.get()), path_, sqlite3_sql(handle_.get()), result);
    }
}

void Statement::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(handle_.get(), index, value));
}

void Statement::bind(int index, double value) {
    check(sqlite3_bind_double(handle_.get(), index, value));
}

void Statement::bind(int index, std::string_view value) {
    // A null pointer would bind NULL, and that is what an empty view may hold.
    check(sqlite3_bind_text64(handle_.get(),
                              index,
                              value.empty() ? "" : value.data(),
                              value.size(),
                              SQLITE_TRANSIENT,
                              SQLITE_UTF8));
}

void Statement::bind(int index, Blob value) {
    check(sqlite3_bind_blob64(handle_.get(),
                              index,
                              value.bytes.empty() ? "" : value.bytes.data(),
                              value.bytes.size(),
                              SQLITE_TRANSIENT));
}

void Statement::bind_null(int index) {
    check(sqlite3_bind_null(handle_.get(), index));
}

bool Statement::step() {
    const int result = sqlite3_step(handle_.get());
    check(result);
    return result == SQLITE_ROW;
}

void Statement::run() {
    while (step()) {
    }
    reset();
}

void Statement::reset() noexcept {
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(handle_.get(), column);
}

std::string_view Statement::bytes(int column) const {
    const void* bytes = sqlite3_column_blob(handle_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return bytes == nullptr ? std::string_view()
                            : std::string_view(static_cast<const char*>(bytes), size);
}

std::string Statement::text(int column) const {
    const void* bytes = sqlite3_column_text(handle_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}

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
        fail(database, path_, "opening", result);
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
        fail(handle_.get(), path_, sql, result);
    }
}

std::int64_t Database::integer(std::string_view sql) const {
    Statement statement = prepare(sql);
    if (!statement.step()) {
        throw StoreError(fmt::format("store {}: {}: no row came back", path_, shorten(sql)));
    }
    return statement.integer(0);
}

std::string Database::text(std::string_view sql) const {
    Statement statement = prepare(sql);
    if (!statement.step()) {
        throw StoreError(fmt::format("store {}: {}: no row came back", path_, shorten(sql)));
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
