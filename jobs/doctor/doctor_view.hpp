// SPDX-License-Identifier: Apache-2.0
// The checks of `doctor` as a table. Pure.
#pragma once

#include "common/base/table.hpp"
#include "jobs/doctor/doctor_check.hpp"

#include <span>
#include <string>

namespace caretaker {

/// One row a check, in the order given.
Table format_checks(std::span<const CheckRow> rows);

/// "12 checks: 1 failed, 2 warnings, 3 skipped".
std::string summarize_checks(std::span<const CheckRow> rows);

}  // namespace caretaker
