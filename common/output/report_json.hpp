// SPDX-License-Identifier: Apache-2.0
// The machine forms of a run: one envelope for all jobs, whole or as a stream of events. Fields are
// only ever added; docs/scripting.md lists them.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/output/text_out.hpp"

#include <string>

namespace caretaker {

inline constexpr std::string_view envelope_schema = "caretaker.run/1";

/// One document, one line: schema, run, summary, metrics, findings, actions, errors, rows.
void write_json(const FinishedRun& run, TextOut& out);

std::string render_json(const FinishedRun& run);

/// One event a line: run_start, row, finding, action, error, and last run_end.
void write_jsonl(const FinishedRun& run, TextOut& out);

std::string render_jsonl(const FinishedRun& run);

/// What stands in for the document when no run came about (wrong arguments or configuration).
std::string render_json_error(ExitCode exit_code, std::string_view code, std::string_view message);

/// The same as events: error, then run_end.
std::string render_jsonl_error(ExitCode exit_code, std::string_view code, std::string_view message);

}  // namespace caretaker
