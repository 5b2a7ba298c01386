// SPDX-License-Identifier: Apache-2.0
// A finished run in the output format that was asked for.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/base/job.hpp"
#include "common/cli/command_line.hpp"
#include "common/output/table_text.hpp"
#include "common/output/text_out.hpp"

#include <string>

namespace caretaker {

void write_run(const FinishedRun& run,
               JobKind kind,
               OutputFormat format,
               const TableStyle& style,
               TextOut& out);

/// What standard output gets when no run came about: an error document in the JSON formats,
/// otherwise nothing.
std::string render_early_error(OutputFormat format,
                               ExitCode exit_code,
                               std::string_view code,
                               std::string_view message);

}  // namespace caretaker
