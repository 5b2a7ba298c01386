// SPDX-License-Identifier: Apache-2.0
// Versions of services as text.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace caretaker::sandbox {

/// Reads "2.19.3", with numbers that are left out as 0, at least `least` of them. Nothing for
/// anything else.
std::optional<std::array<int, 3>> parse_version_numbers(std::string_view text, std::size_t least);

}  // namespace caretaker::sandbox
