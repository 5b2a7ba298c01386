// SPDX-License-Identifier: Apache-2.0
// Reads a whole store, row by row, without keeping others waiting.
#pragma once

#include "common/store/store_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace caretaker {

class Database;

/// Gives the rows in the order of RowType, so that a run comes before what belongs to it. Each
/// batch is read in a transaction of its own: whoever takes the rows may be slow, and a reader that
/// stays keeps the write-ahead log from being emptied. Runs that have not ended are left out with
/// all that belongs to them, also when they end meanwhile.
class StoreExporter {
 public:
    /// `database` outlives this.
    explicit StoreExporter(const Database& database);

    /// The next rows, at most 2 000; none when all have been given.
    std::vector<StoreRow> next();

    /// How many runs are left out, as they have not ended.
    [[nodiscard]] std::int64_t runs_left_out() const {
        return static_cast<std::int64_t>(running_.size());
    }

 private:
    std::vector<StoreRow> read_batch();

    const Database& database_;
    std::vector<std::int64_t> running_{};  // ids of runs
    std::int64_t last_run_ = 0;
    std::size_t type_ = 0;
    std::vector<RowValue> last_key_{};  // empty at the beginning of a type
};

}  // namespace caretaker
