// SPDX-License-Identifier: Apache-2.0
// Cuts an input into lines, without holding more of it than one line.
#pragma once

#include "common/base/input_source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

class InputLines {
 public:
    /// An empty source is an empty input. `name` is what messages call it.
    explicit InputLines(InputSource source,
                        std::size_t longest_line = std::size_t{16} << 20U,
                        std::string name = "standard input");

    /// The next line without its line feed, valid until the next call; the last one needs none.
    /// Nothing at the end. Throws Error "input_line" (exit 2) for a line that is too long.
    std::optional<std::string_view> next();

    /// Of the line that next() gave last, from 1 on.
    [[nodiscard]] std::int64_t number() const { return number_; }

 private:
    /// False at the end of the input.
    bool read_more();

    InputSource source_;
    std::size_t longest_line_;
    std::string name_;
    std::string buffer_{};
    std::size_t begin_ = 0;  // of what is not given out yet
    bool ended_ = false;
    std::int64_t number_ = 0;
};

}  // namespace caretaker
