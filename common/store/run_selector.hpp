// SPDX-License-Identifier: Apache-2.0
// Finds the run that a person means.
#pragma once

#include "common/store/run_records.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace caretaker {

class Database;

/// The runs of which the newest is meant by `last`, `last:JOB` or `last-ok:JOB`; nothing where the
/// selector is part of an id. Throws UsageError where it is neither.
std::optional<RunFilter> parse_last(std::string_view selector, std::string_view target);

/// The one of `runs` whose id begins or ends so, or is that. Throws UsageError where several do.
std::optional<RunRow> choose_by_id(std::string_view selector, std::span<const RunRow> runs);

/// See Store::find_run(). The end of an id has no index: it is looked for among all ids.
std::optional<RunRow> select_run(const Database& database,
                                 std::string_view selector,
                                 std::string_view target);

}  // namespace caretaker
