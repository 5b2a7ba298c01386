// SPDX-License-Identifier: Apache-2.0
// Reads a JSON document of any size piece by piece: only the values asked for are ever in memory.
#pragma once

#include "common/json/json_view.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// Puts the next bytes of a document into the buffer and returns their number, 0 at the end. What
/// it throws ends the reading.
using JsonSource = std::function<std::size_t(std::span<char>)>;

/// A value that was asked for.
struct JsonElement {
    std::size_t pattern = 0;  // index of the pattern that it matches
    std::string_view name{};  // as a member of an object; empty in arrays
    JsonView value;           // valid until the callback returns
};

/// Largest single value, or stretch between values, that is taken: 64 MiB.
inline constexpr std::size_t max_json_value_bytes = 64U << 20U;

/// Calls `on_element` for each value whose place fits a pattern, in the document's order. A pattern
/// is a place from the root on, "/frameworks/*/tasks/*": names of members, "[]" for any element of
/// an array, "*" for any member or element; "/" alone is the whole document. Inside a value that
/// matches nothing further is looked for, and of two patterns that fit the first one counts. Syntax
/// is checked to the end. Throws JsonError as JsonDocument::parse() does, and "json_size"; what was
/// found until then was already handed out.
void read_json_elements(const JsonSource& source,
                        const std::string& what,
                        std::span<const std::string_view> patterns,
                        const std::function<void(const JsonElement&)>& on_element);

}  // namespace caretaker
