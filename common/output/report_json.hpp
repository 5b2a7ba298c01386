// SPDX-License-Identifier: Apache-2.0
// The machine forms of a run: one envelope for all jobs, whole or as a stream of events. Fields are
// only ever added; docs/scripting.md lists them.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/output/text_out.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

inline constexpr std::string_view envelope_schema = "caretaker.run/1";

/// One document, one line: schema, run, summary, metrics, findings, actions, errors, rows.
void write_json(const FinishedRun& run, TextOut& text);

std::string render_json(const FinishedRun& run);

/// One event a line: run_start, row, finding, action, error, and last run_end.
void write_jsonl(const FinishedRun& run, TextOut& text);

std::string render_jsonl(const FinishedRun& run);

/// A part of a run as a document of its own, e.g. for a search engine.
struct RunDocument {
    std::string id{};  // the run's uid and what the part is: the same however often it is made
    std::string
        body{};  // an event as of write_jsonl() in one line without its end, with @timestamp,
                 // and the run's id, job, target and host as `run`, `job`, `target`, `host`
};

/// The findings that are new or gone, the actions and the samples (up to 500 each), and how the run
/// ended, as run_end without metrics.
std::vector<RunDocument> make_run_documents(const FinishedRun& run);

/// What stands in for the document when no run came about (wrong arguments or configuration).
std::string render_json_error(ExitCode exit_code, std::string_view code, std::string_view message);

/// The same as events: error, then run_end.
std::string render_jsonl_error(ExitCode exit_code, std::string_view code, std::string_view message);

}  // namespace caretaker
