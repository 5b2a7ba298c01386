// SPDX-License-Identifier: Apache-2.0
#include "common/store/statement.hpp"

#include "common/store/sqlite_error.hpp"

#include <sqlite3.h>

namespace caretaker {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql, std::string_view path) : path_(path) {
    sqlite3_stmt* statement = nullptr;
    const int result =
        sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    handle_.reset(statement);
    if (result != SQLITE_OK) {
        throw_sqlite_error(database, path_, sql, result);
    }
}

void Statement::check(int result) const {
    if (result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE) {
        throw_sqlite_error(
            sqlite3_db_handle(handle_.get()), path_, sqlite3_sql(handle_.get()), result);
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

}  // namespace caretaker
