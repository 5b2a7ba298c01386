// SPDX-License-Identifier: Apache-2.0
// What SQLite says went wrong, and what can be done about it.
#pragma once

#include "common/base/error.hpp"

#include <string>
#include <string_view>

struct sqlite3;

namespace caretaker {

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

/// The beginning of a statement, on one line: enough to find it in the source.
std::string shorten_statement(std::string_view sql);

/// Throws the error of `database`, or of `result` where that is null. `doing`: the statement, or
/// what was tried.
[[noreturn]] void throw_sqlite_error(sqlite3* database,
                                     std::string_view path,
                                     std::string_view doing,
                                     int result);

}  // namespace caretaker
