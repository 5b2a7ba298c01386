// SPDX-License-Identifier: Apache-2.0
// Writes the numbers of one run into its rows of run_metrics.
#pragma once

#include "common/base/report.hpp"
#include "common/store/database.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace caretaker {

/// A run has few names and many labels, so each name is looked up once.
class MetricWriter {
 public:
    /// Names carry their job, so that the history of one never mixes with that of another. Within a
    /// write transaction.
    MetricWriter(Database& database, std::int64_t run, std::string_view job);

    /// Of a metric added twice under one name and label the later value counts.
    void add(const Metric& metric);

 private:
    std::int64_t find_or_create_name(const Metric& metric);

    Database& database_;
    std::int64_t run_;
    std::string job_;
    Statement find_name_;
    Statement add_name_;
    Statement add_value_;
    std::map<std::string, std::int64_t, std::less<>> ids_{};  // by Metric::name
};

}  // namespace caretaker
