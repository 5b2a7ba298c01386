// SPDX-License-Identifier: Apache-2.0
// The options of one action or filter, as they came out of the check.
#pragma once

#include "jobs/rotate/curator_value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// The options of one action or filter: those given, checked and of their type, and the defaults.
class CheckedOptions {
 public:
    [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }

    /// Whether it was written, and is not its default alone.
    [[nodiscard]] bool is_given(std::string_view name) const;

    [[nodiscard]] const CuratorValue* find(std::string_view name) const;

    // The value of an option that has one; else false, 0 or empty.

    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    [[nodiscard]] double real(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;

    /// Where the option stands; of one not given {}.
    [[nodiscard]] TextPosition position(std::string_view name) const;

 private:
    friend class OptionChecker;

    struct Entry {
        std::string_view name{};  // of the schema, which outlives all options
        bool given = false;
        CuratorValue value{};
    };

    std::vector<Entry> entries_{};
};

}  // namespace caretaker
