// SPDX-License-Identifier: Apache-2.0
// A hash that stays the same over processes, builds and machines, for fingerprints and stable
// choices.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

/// FNV-1a, 64 bits. Not for anything an attacker could gain from.
std::uint64_t stable_hash(std::string_view text);

/// 16 lower-case hex digits.
std::string hex16(std::uint64_t number);

}  // namespace caretaker
