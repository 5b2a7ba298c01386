// SPDX-License-Identifier: Apache-2.0
// A partition as people name it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

struct NamedPartition {
    std::string topic{};
    std::int32_t partition = 0;
};

/// "logs-app:3". Nothing for other text.
std::optional<NamedPartition> parse_named_partition(std::string_view text);

}  // namespace caretaker
