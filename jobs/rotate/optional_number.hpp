// SPDX-License-Identifier: Apache-2.0
// std::optional<std::int64_t> in half the room.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace caretaker {

/// A whole number, or none, for which the least one stands.
class OptionalNumber {
 public:
    constexpr OptionalNumber() = default;

    constexpr OptionalNumber(std::int64_t value) : value_(value) {}

    constexpr OptionalNumber(std::optional<std::int64_t> value) : value_(value.value_or(none)) {}

    constexpr operator std::optional<std::int64_t>() const {
        return has_value() ? std::optional(value_) : std::nullopt;
    }

    [[nodiscard]] constexpr bool has_value() const { return value_ != none; }

    constexpr explicit operator bool() const { return has_value(); }

    /// It has to have a value.
    constexpr std::int64_t operator*() const { return value_; }

    [[nodiscard]] constexpr std::int64_t value_or(std::int64_t other) const {
        return has_value() ? value_ : other;
    }

    constexpr void reset() { value_ = none; }

    friend constexpr bool operator==(OptionalNumber, OptionalNumber) = default;

 private:
    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min();

    std::int64_t value_ = none;
};

}  // namespace caretaker
