// SPDX-License-Identifier: Apache-2.0
// What --sla adds to the views.
#pragma once

#include "common/base/table.hpp"
#include "jobs/lag/lag_facts.hpp"
#include "jobs/lag/lag_model.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace caretaker {

/// Adds for each limit a column "late_5m" (">5m"): how many partitions of a row are later than
/// that. Nothing where no limit was asked for.
void add_late_columns(Table& table, const LagFacts& facts);

/// Adds the cells of a row about these partitions, after its others.
void add_late_cells(std::vector<Cell>& row,
                    std::span<const PartitionLag> partitions,
                    const LagFacts& facts);

/// The same of a row about one partition: "sla", the first limit that it keeps as "<=5m", or ">1h"
/// for none, and the limit in milliseconds.
void add_kept_columns(Table& table, const LagFacts& facts);
void add_kept_cells(std::vector<Cell>& row, const PartitionLag& partition, const LagFacts& facts);

}  // namespace caretaker
