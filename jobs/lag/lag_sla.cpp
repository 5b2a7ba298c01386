// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_sla.hpp"

#include "common/base/error.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace caretaker {

std::vector<SlaLimit> parse_sla_limits(std::string_view text) {
    constexpr std::size_t most = 10;
    std::vector<SlaLimit> limits;
    for (bool is_last = false; !is_last;) {
        const std::size_t comma = text.find(',');
        is_last = comma == std::string_view::npos;
        const std::string_view word = text.substr(0, comma);
        const auto limit = parse_duration(word);
        if (!limit || limit->count() <= 0) {
            throw UsageError(
                fmt::format("--sla: '{}' is no duration; write a list such as 1m,5m,15m,1h", word));
        }
        limits.push_back(*limit);
        text.remove_prefix(is_last ? text.size() : comma + 1);
    }
    std::ranges::sort(limits);
    limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
    if (limits.size() > most) {
        throw UsageError(
            fmt::format("--sla: {} times are too many; write at most {}, for brokers "
                        "look up each of them for each partition",
                        limits.size(),
                        most));
    }
    return limits;
}

std::string sla_word(SlaLimit limit) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 4> units{
        {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}}};
    for (const auto& [ms, unit] : units) {
        if (limit.count() % ms == 0) {
            return fmt::format("{}{}", limit.count() / ms, unit);
        }
    }
    return fmt::format("{}ms", limit.count());
}

std::optional<bool> is_late(std::int64_t committed,
                            const LogOffsets& log,
                            const OffsetSince& since) {
    const bool known = committed >= 0 && log.failure == KafkaFailure::none && log.start >= 0 &&
                       log.end >= 0 && since.failure == KafkaFailure::none;
    if (!known) {
        return std::nullopt;
    }
    const std::int64_t next = std::max(committed, log.start);
    if (next >= log.end) {
        return false;
    }
    return since.offset < 0 || next < since.offset;
}

std::optional<std::size_t> find_kept_limit(const PartitionLag& row, const LagFacts& facts) {
    const LogOffsets& log = facts.logs.offsets(row.log);
    for (std::size_t i = 0; i < facts.sla.size(); ++i) {
        const auto late = is_late(row.committed, log, facts.sla[i].since[row.log]);
        if (!late) {
            return std::nullopt;
        }
        if (!*late) {
            return i;
        }
    }
    return facts.sla.size();
}

std::vector<std::int64_t> count_late(std::span<const PartitionLag> rows, const LagFacts& facts) {
    std::vector<std::int64_t> late(facts.sla.size(), 0);
    if (late.empty()) {
        return late;
    }
    for (const PartitionLag& row : rows) {
        const auto kept = find_kept_limit(row, facts);
        for (std::size_t i = 0; kept && i < *kept; ++i) {
            ++late[i];
        }
    }
    return late;
}

}  // namespace caretaker
