// SPDX-License-Identifier: Apache-2.0
// Shares of a disk as people write them.
#pragma once

#include <optional>
#include <string_view>

namespace caretaker {

/// "10%", "12.5%": more than 0 and less than 100. Nothing for what is none.
std::optional<double> parse_percent(std::string_view text);

}  // namespace caretaker
