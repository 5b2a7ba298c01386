// SPDX-License-Identifier: Apache-2.0
// What a store holds, and when it was looked after.
#pragma once

#include "common/base/clock.hpp"
#include "common/store/integrity_check.hpp"
#include "common/store/store_pruner.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class Database;

struct TableCount {
    std::string table{};
    std::optional<std::int64_t> rows{};  // not known where counting took too long
};

struct StoreFacts {
    std::int64_t application_id = 0;
    PageUse pages{};
    std::vector<TableCount> counts{};  // of the tables that grow
    std::optional<WallTime> oldest_run{};
    std::optional<WallTime> newest_run{};
    std::optional<LastCheck> last_check{};
    std::optional<WallTime> last_prune{};
    std::optional<WallTime> next_prune{};  // not before then
};

/// Reads only. All tables are counted within `limit`, or not.
StoreFacts fetch_store_facts(const Database& database, std::chrono::milliseconds limit);

}  // namespace caretaker
