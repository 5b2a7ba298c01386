// SPDX-License-Identifier: Apache-2.0
// Adds rows of another store to this one.
#pragma once

#include "common/base/clock.hpp"
#include "common/store/database.hpp"
#include "common/store/store_rows.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

namespace caretaker {

struct ImportCount {
    std::int64_t added = 0;
    std::int64_t known = 0;     // were there already, and stay as they are
    std::int64_t left_out = 0;  // not wanted here
};

using ImportCounts = std::array<ImportCount, row_types>;  // by RowType

/// Writes within the caller's transaction. What is here already stays as it is, so that the same
/// rows can come twice: a run is told by its uid, and what belongs to a known run is known too.
/// Samples that were rolled up meanwhile do not come back.
class StoreImporter {
 public:
    /// Imported runs bear `now` as the time of their import. Without `with_holds` holds are left
    /// out: they would keep jobs of this host from running. `database` outlives this.
    StoreImporter(Database& database, WallTime now, bool with_holds);

    /// A row whose values find_fault() finds no fault with; what belongs to a run comes after it.
    void add(const StoreRow& row);

    [[nodiscard]] const ImportCounts& counts() const { return counts_; }

 private:
    /// What becomes of one row.
    enum class Result { added, known, left_out };

    Result write(const StoreRow& row);
    Result add_run(const StoreRow& row);
    Result add_action(const StoreRow& row);
    Result add_metric(const StoreRow& row);
    Result add_finding(const StoreRow& row);
    Result add_sample(const StoreRow& row);
    Result add_event(const StoreRow& row);
    Result add_hold(const StoreRow& row);

    /// The id of the row's run where this import added it, else nothing.
    [[nodiscard]] std::optional<std::int64_t> find_added_run(const StoreRow& row) const;

    /// The id that `find` finds for the values, or that of the row that `insert` adds for them.
    std::int64_t find_or_add(Statement& find,
                             Statement& insert,
                             std::span<const RowValue> key,
                             std::span<const RowValue> values);

    Database& database_;
    std::int64_t now_ms_;
    bool with_holds_;
    ImportCounts counts_{};
    std::unordered_map<std::string, std::int64_t> added_runs_{};  // id by uid
    std::optional<std::int64_t> oldest_start_ms_{};               // of those
    Statement find_run_;
    Statement insert_run_;
    Statement insert_action_;
    Statement find_metric_name_;
    Statement insert_metric_name_;
    Statement insert_metric_;
    Statement insert_finding_;
    Statement find_series_;
    Statement insert_series_;
    Statement insert_sample_;
    Statement insert_event_;
    Statement insert_hold_;
};

}  // namespace caretaker
