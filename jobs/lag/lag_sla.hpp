// SPDX-License-Identifier: Apache-2.0
// Whether partitions are behind by more than certain times, told exactly by the brokers' own index
// of timestamps, even in a first run. Pure.
#pragma once

#include "jobs/lag/lag_model.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

using SlaLimit = std::chrono::milliseconds;

/// Reads "1m,5m,15m,1h": in ascending order, each once. Throws UsageError for anything else, and
/// for more than 10.
std::vector<SlaLimit> parse_sla_limits(std::string_view text);

/// "90s", "15m", "1d": in the largest unit that leaves a whole number.
std::string sla_word(SlaLimit limit);

/// Whether the record that is read next at `committed` was written before the time that `since`
/// was asked for. Nothing where that is not known, or nothing was committed.
std::optional<bool> is_late(std::int64_t committed,
                            const LogOffsets& log,
                            const OffsetSince& since);

/// The index of the first limit that the partition at `place` of the log table keeps;
/// limits.size() where it keeps none, nothing where it is not known.
std::optional<std::size_t> find_kept_limit(const PartitionLag& row, const LagFacts& facts);

/// How many of the partitions are late, by limit.
std::vector<std::int64_t> count_late(std::span<const PartitionLag> rows, const LagFacts& facts);

}  // namespace caretaker
