// SPDX-License-Identifier: Apache-2.0
// Sizes in bytes as people write and read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// Reads a whole number with its unit: B, kB (or KB), MB, GB, TB, PB by 1000; KiB, MiB, GiB, TiB,
/// PiB by 1024. Strict: no sign, blank, fraction or bare number; nothing when it does not fit into
/// 64 bits.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// For people, by 1024, rounded: "17 B", "1.5 GiB" (one decimal below 10), "212 GiB".
std::string format_bytes(std::uint64_t bytes);

/// The exact value as parse_bytes() reads it, by 1024 where that is whole: "2GiB", "1500B".
std::string format_exact_bytes(std::uint64_t bytes);

}  // namespace caretaker
