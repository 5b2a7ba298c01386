// SPDX-License-Identifier: Apache-2.0
// Writes runs: their beginning, their end with all that they left behind, and their loss. Every
// function writes within the caller's transaction.
#pragma once

#include "common/base/run_info.hpp"
#include "common/store/run_records.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;

/// One past the largest id in use.
std::int64_t next_run_id(const Database& database);

/// Adds `run` as `running`. A repeated attempt gets the last run of its job and target as its
/// parent.
void insert_run(Database& database, std::int64_t id, const RunInfo& run);

/// Completes the row of run `id` and adds its findings, actions, metrics, samples and the job's
/// standing. At most `max_rows` rows are added: actions that were carried out always, then the
/// other ones, then findings by severity, then metrics, then samples; the stored summary says what
/// was left out. StoreError when there is no run `id`.
FindingsDiff record_close(Database& database,
                          std::int64_t id,
                          const RunClose& close,
                          std::int64_t max_rows);

/// A run that is `running` by its row.
struct RunningRun {
    LostRun run{};
    std::string boot_id{};
};

std::vector<RunningRun> find_running(const Database& database, std::string_view host);

/// Marks one run as `lost`, and what it was doing as `unknown`.
void record_loss(Database& database, const LostRun& run, WallTime now);

/// What became of the metrics of a closed run; they are sent after its end.
void record_delivery(Database& database, std::int64_t id, std::int64_t sent, std::int64_t dropped);

}  // namespace caretaker
