// SPDX-License-Identifier: Apache-2.0
// Tells new, known and vanished findings apart and keeps one row for each distinct one.
#pragma once

#include "common/store/row_budget.hpp"
#include "common/store/run_records.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;

/// The identity of a finding over runs, 16 hex digits: of job, target, code and subject, and never
/// of its message or numbers.
std::string format_fingerprint(std::string_view job,
                               std::string_view target,
                               const Finding& finding);

struct FindingsOfRun {
    std::int64_t run = 0;
    std::string job{};
    std::string target{};
    WallTime at{};
    bool complete = false;  // whether a finding that is missing is really gone
    std::function<bool(const Finding&)> looked_at{};  // as Report::looked_at
};

/// Writes within the caller's transaction. Over the budget the least severe ones are left out; they
/// count in the result and are not taken for resolved. A finding that was resolved and is back
/// counts as new.
FindingsDiff record_findings(Database& database,
                             const FindingsOfRun& run,
                             std::span<const Finding> findings,
                             RowBudget& budget);

/// See Store::acknowledged().
std::vector<bool> fetch_acknowledged(const Database& database,
                                     std::string_view job,
                                     std::string_view target,
                                     std::span<const Finding> findings,
                                     WallTime now);

}  // namespace caretaker
