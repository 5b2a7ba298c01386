// SPDX-License-Identifier: Apache-2.0
// Where in a document a parser stands, and which patterns fit that place.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Patterns are those of read_json_elements().
class JsonPlace {
 public:
    explicit JsonPlace(std::span<const std::string_view> patterns);

    /// The next value is the member `name`.
    void name(std::string_view name);

    /// A value begins here.
    void begin_value();

    /// The value that has begun is an array or object, and its content comes next.
    void enter(bool is_array);

    /// That array or object has ended.
    void leave();

    /// The first pattern that fits the value that has begun.
    [[nodiscard]] std::optional<std::size_t> matching_pattern() const;

    /// Of the value that has begun: "$.frameworks[3]".
    [[nodiscard]] std::string path() const;

    /// The name of the value that has begun; empty in an array.
    [[nodiscard]] std::string_view current_name() const;

 private:
    struct Level {
        bool is_array = false;
        std::size_t count = 0;  // values begun
        std::string name{};
        std::vector<std::size_t> fitting{};  // patterns whose beginning leads to this level
    };

    [[nodiscard]] bool fits(std::size_t pattern, std::size_t depth) const;

    std::vector<std::vector<std::string>> patterns_{};  // their segments
    std::vector<Level> levels_{};                       // arrays and objects around the value
};

}  // namespace caretaker
