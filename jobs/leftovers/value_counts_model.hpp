// SPDX-License-Identifier: Apache-2.0
// How many instances of one app each value of a column has, small where few values have any. Pure.
#pragma once

#include "jobs/leftovers/constraint_model.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace caretaker {

/// As count_by_value(): a number for each value, and the last for agents without one. 50 000 hosts
/// of which 350 have an instance take 3 KB and not 400.
class ValueCounts {
 public:
    ValueCounts(const FieldColumn& column, const InstancesByAgent& instances);

    [[nodiscard]] std::int64_t at(std::size_t value) const;

    /// Of agents without the field (FieldColumn::missing) the last number.
    void add(std::size_t value, std::int64_t by);

    /// As tally_groups(). Asked more often than the counts change, so that it is kept.
    [[nodiscard]] const GroupTally& tally() const;

 private:
    // Fewer than 2^31 instances: each has a task in memory, or is placed by itself.
    using Count = std::int32_t;
    using Entry = std::pair<std::uint32_t, Count>;

    [[nodiscard]] GroupTally count_groups() const;

    std::size_t size_ = 0;
    std::vector<Count> dense_{};   // by value, where that takes no more; else
    std::vector<Entry> sparse_{};  // by value, in rising order, those that ever had any
    mutable std::optional<GroupTally> tally_{};
};

}  // namespace caretaker
