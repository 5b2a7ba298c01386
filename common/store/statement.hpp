// SPDX-License-Identifier: Apache-2.0
// One prepared statement of SQLite, with typed values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace caretaker {

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

}  // namespace caretaker
