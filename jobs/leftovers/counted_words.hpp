// SPDX-License-Identifier: Apache-2.0
// Numbers of things, as sentences have them.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

/// "1 agent", "2 agents".
inline std::string count_of(std::int64_t count, std::string_view thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

}  // namespace caretaker
