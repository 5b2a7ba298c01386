// SPDX-License-Identifier: Apache-2.0
// A store as the version of caretaker before this one left it.
#pragma once

#include "common/store/database.hpp"
#include "common/store/store.hpp"

#include <string>

namespace caretaker::testing {

/// Its schema.
inline constexpr int older_version = store_schema_version - 1;

/// Takes the newest step of the schema back.
inline void make_older(const std::string& path) {
    static_assert(store_schema_version == 5, "take back what the newest step adds");
    Database(path, Database::Access::read_write, BusyWait{})
        .execute(
            "CREATE INDEX run_metrics_by_name ON run_metrics(metric_id, label, run_id); "
            "PRAGMA user_version = " +
            std::to_string(older_version));
}

}  // namespace caretaker::testing
