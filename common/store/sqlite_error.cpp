// SPDX-License-Identifier: Apache-2.0
#include "common/store/sqlite_error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstddef>

namespace caretaker {

namespace {

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

std::string shorten_statement(std::string_view sql) {
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

void throw_sqlite_error(sqlite3* database,
                        std::string_view path,
                        std::string_view doing,
                        int result) {
    const int extended = database == nullptr ? result : sqlite3_extended_errcode(database);
    const char* text = database == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(database);
    throw SqliteError(
        fmt::format("store {}: {}: {}; {}", path, shorten_statement(doing), text, advice(extended)),
        extended);
}

}  // namespace caretaker
