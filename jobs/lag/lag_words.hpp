// SPDX-License-Identifier: Apache-2.0
// Phrases that the messages of `lag` share.
#pragma once

#include "jobs/lag/lag_model.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

/// "1 partition", "1 204 partitions".
std::string format_count(std::int64_t count, std::string_view noun);

/// "logs-app/3": a partition as messages name it.
std::string format_partition(const ClusterLag& cluster, std::uint32_t place);

}  // namespace caretaker
