// SPDX-License-Identifier: Apache-2.0
// Finds the run that a person means.
#pragma once

#include "common/store/run_records.hpp"

#include <optional>
#include <string_view>

namespace caretaker {

class Database;

/// See Store::find_run(). The end of an id has no index: it is looked for among all ids.
std::optional<RunRow> select_run(const Database& database,
                                 std::string_view selector,
                                 std::string_view target);

}  // namespace caretaker
