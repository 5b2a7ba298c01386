// SPDX-License-Identifier: Apache-2.0
// The parts of pruning, each done in short transactions.
#pragma once

#include "common/store/retention.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace caretaker {

class Database;

struct PruneBatch {
    std::int64_t rows = 0;
    bool done = false;  // nothing is left of this step
};

struct PruneStep {
    std::string name{};                      // e.g. "runs"
    std::function<std::int64_t()> count{};   // the rows that it would remove or roll up
    std::function<PruneBatch()> do_batch{};  // one transaction of about 2 000 rows
};

/// In the order in which they are to be done. `database` outlives them.
std::vector<PruneStep> make_prune_steps(Database& database, const PrunePlan& plan);

}  // namespace caretaker
