// SPDX-License-Identifier: Apache-2.0
// A run as people read it: the table, further tables, findings, and the summary line last.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/output/table_text.hpp"

#include <string>

namespace caretaker {

/// Everything that goes to standard output with `-o table`. Ends with summary_line() unless the
/// report is one of a command that only shows things (`with_summary` false) and has rows.
void write_text(const FinishedRun& run, const TableStyle& style, bool with_summary, TextOut& out);

std::string render_text(const FinishedRun& run, const TableStyle& style, bool with_summary);

/// "OK  lag prod  6 groups, lag 1204, 3 findings (1 new)  2.4 s  run 9f86d081".
std::string summary_line(const FinishedRun& run, bool colour = false);

}  // namespace caretaker
