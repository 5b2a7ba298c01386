// SPDX-License-Identifier: Apache-2.0
// That what a test's command printed as JSON is of its published schema.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caretaker::testing {

/// Throws std::runtime_error, which says what is wrong, when `argv` is a run of caretaker or of
/// caretaker-testjob with `-o json` or `-o jsonl` and `out`, all that it printed, does not fit its
/// schema in docs/schema. No output is no fault: a wrong command line prints none.
void require_its_schema(const std::vector<std::string>& argv, std::string_view out);

}  // namespace caretaker::testing
