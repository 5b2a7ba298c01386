// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?": how far apart two names are, and the name a typo was probably meant to be.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace caretaker {

/// How many single-byte insertions, deletions, replacements and swaps of neighbours lead from `a`
/// to `b` (Damerau-Levenshtein, each place touched once).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate closest to `name` when the difference looks like a typo: at most one edit per
/// three letters, three in all; ASCII case does not count. The first of several equally close ones.
std::optional<std::string_view> nearest_name(std::string_view name,
                                             std::span<const std::string_view> candidates);

}  // namespace caretaker
