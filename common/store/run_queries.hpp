// SPDX-License-Identifier: Apache-2.0
// Reads runs and what belongs to them.
#pragma once

#include "common/store/run_records.hpp"
#include "common/store/run_row.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;

std::vector<RunRow> fetch_runs(const Database& database, const RunFilter& filter);
RunDetails fetch_run_details(const Database& database, std::int64_t id);
std::vector<SamplePoint> fetch_samples(const Database& database,
                                       std::string_view series,
                                       std::string_view target,
                                       std::span<const Label> labels,
                                       WallTime since);
/// See Store::newest_end(). Looks at the last 20 runs that ended.
std::optional<WallTime> fetch_newest_end(const Database& database, std::string_view host);

std::optional<JobStatus> fetch_job_status(const Database& database,
                                          std::string_view job,
                                          std::string_view target);

}  // namespace caretaker
