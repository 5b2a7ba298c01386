// SPDX-License-Identifier: Apache-2.0
// Adds values to series that are kept in intervals of one minute.
#pragma once

#include "common/base/report.hpp"
#include "common/store/database.hpp"

#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// Writes within the caller's transaction.
class SampleWriter {
 public:
    SampleWriter(Database& database, std::string_view target, WallTime at);

    /// Values of one minute become one row with their count, least, largest, sum and last.
    /// `value` is finite.
    void add(std::string_view series, std::span<const Label> labels, double value);

 private:
    std::int64_t find_or_create_series(std::string_view series, const std::string& labels);

    Database& database_;
    std::string target_;
    std::int64_t bucket_;
    Statement find_series_;
    Statement add_series_;
    Statement add_sample_;
};

}  // namespace caretaker
