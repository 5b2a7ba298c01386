// SPDX-License-Identifier: Apache-2.0
#include "common/text/bytes.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <limits>

namespace caretaker {

namespace {

struct Unit {
    std::string_view suffix{};
    std::uint64_t bytes = 0;
};

constexpr std::array units{
    Unit{"B", 1},
    Unit{"kB", 1'000},
    Unit{"KB", 1'000},
    Unit{"MB", 1'000'000},
    Unit{"GB", 1'000'000'000},
    Unit{"TB", 1'000'000'000'000},
    Unit{"PB", 1'000'000'000'000'000},
    Unit{"KiB", 1ULL << 10},
    Unit{"MiB", 1ULL << 20},
    Unit{"GiB", 1ULL << 30},
    Unit{"TiB", 1ULL << 40},
    Unit{"PiB", 1ULL << 50},
};

constexpr std::array binary_units{
    Unit{"PiB", 1ULL << 50},
    Unit{"TiB", 1ULL << 40},
    Unit{"GiB", 1ULL << 30},
    Unit{"MiB", 1ULL << 20},
    Unit{"KiB", 1ULL << 10},
    Unit{"B", 1},
};

/// bytes * scale / unit, rounded to nearest, without overflow: a unit is a power of two.
std::uint64_t scaled(std::uint64_t bytes, std::uint64_t unit, std::uint64_t scale) {
    const std::uint64_t whole = bytes / unit;
    const std::uint64_t rest = bytes % unit;
    return whole * scale + (rest * scale + unit / 2) / unit;
}

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
    std::uint64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    for (const Unit& unit : units) {
        if (unit.suffix == text) {
            if (number > std::numeric_limits<std::uint64_t>::max() / unit.bytes) {
                return std::nullopt;
            }
            return number * unit.bytes;
        }
    }
    return std::nullopt;
}

std::string format_bytes(std::uint64_t bytes) {
    if (bytes < 1024) {
        return fmt::format("{} B", bytes);
    }
    std::size_t i = 0;
    // 1023.5 of a unit would round to "1024": the next larger unit takes it.
    while (scaled(bytes, binary_units.at(i).bytes, 1) == 0 ||
           (bytes < binary_units.at(i).bytes &&
            scaled(bytes, binary_units.at(i + 1).bytes, 1) < 1024)) {
        ++i;
    }
    const Unit& unit = binary_units.at(i);
    if (const auto tenths = scaled(bytes, unit.bytes, 10); tenths < 100) {
        return fmt::format("{}.{} {}", tenths / 10, tenths % 10, unit.suffix);
    }
    return fmt::format("{} {}", scaled(bytes, unit.bytes, 1), unit.suffix);
}

std::string format_exact_bytes(std::uint64_t bytes) {
    for (const Unit& unit : binary_units) {
        if (bytes >= unit.bytes && bytes % unit.bytes == 0) {
            return fmt::format("{}{}", bytes / unit.bytes, unit.suffix);
        }
    }
    return "0B";
}

}  // namespace caretaker
