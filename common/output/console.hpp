// SPDX-License-Identifier: Apache-2.0
// Standard output: what kind of thing it is, and writes whose failure is remembered.
#pragma once

#include <cstddef>
#include <string_view>

namespace caretaker {

class Console {
 public:
    /// `fd` is standard output in the program and a pipe or file in tests.
    explicit Console(int fd);

    [[nodiscard]] bool is_terminal() const { return terminal_; }

    /// Columns of the terminal; 0 when it is none or does not tell.
    [[nodiscard]] std::size_t width() const;

    /// Writes everything, or remembers the first errno and drops the rest.
    void write(std::string_view text);

    /// 0 while all writes succeeded, otherwise the errno of the first that did not.
    [[nodiscard]] int write_error() const { return error_; }

 private:
    int fd_;
    bool terminal_;
    int error_ = 0;
};

}  // namespace caretaker
