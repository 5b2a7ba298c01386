// SPDX-License-Identifier: Apache-2.0
// Which rows of a view are shown. What is hidden is measured, judged and sent all the same. Pure.
#pragma once

#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_status.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// Statuses of partitions and of groups, wanted by their words.
class StatusSet {
 public:
    /// Adds "STOP", "err", …; false when it is no word of either kind.
    bool add(std::string_view word);

    [[nodiscard]] bool is_empty() const { return partitions_ == 0 && groups_ == 0; }

    /// A partition by its own word, or by ERR where it counts as an error for its group.
    [[nodiscard]] bool has(const PartitionVerdict& verdict) const;

    /// A group or one of its topics: by its own word, or by that of one of its partitions, of those
    /// words that only partitions have, and UNKNOWN.
    [[nodiscard]] bool has(GroupStatus own, std::span<const PartitionVerdict> partitions) const;

    /// All words, for messages: "OK, WARN, STOP, …".
    static std::string words();

 private:
    std::uint32_t partitions_ = 0;  // bit: LagStatus
    std::uint32_t groups_ = 0;      // bit: GroupStatus
};

struct LagRowFilter {
    StatusSet statuses{};                   // empty: all
    std::optional<std::int64_t> min_lag{};  // a lag that is not known is below any

    [[nodiscard]] bool is_empty() const { return statuses.is_empty() && !min_lag; }

    [[nodiscard]] bool shows(const PartitionVerdict& verdict, const Lag& lag) const;

    [[nodiscard]] bool shows(GroupStatus own,
                             std::span<const PartitionVerdict> partitions,
                             const LagTotals& totals) const;

    [[nodiscard]] bool shows(const GroupLag& group) const {
        return shows(group.verdict.status, group.verdict.partitions, group.totals);
    }
};

}  // namespace caretaker
