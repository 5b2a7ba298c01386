// SPDX-License-Identifier: Apache-2.0
// The documents that outboxes leave in Elasticsearch, read back: see make_run_documents(). Pure.
#pragma once

#include "common/json/json_view.hpp"
#include "common/store/run_records.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// A page of what is found, the newest first.
struct SearchPage {
    std::size_t from = 0;
    std::size_t size = 500;
};

/// The body of POST /{index}/_search for ends of runs, in words that every server from
/// Elasticsearch 1.4 on takes. The server may find more than fit the filter: texts are analysed
/// there.
std::string format_runs_question(const RunFilter& filter, const SearchPage& page);

/// The same for documents of one run: "finding" or "action".
std::string format_parts_question(std::string_view type, const RunRow& run, const SearchPage& page);

/// What of documents a server found: the runs as far as their documents tell. Throws JsonError for
/// the answer of anything else.
std::vector<RunRow> read_runs(JsonView answer);

/// Those of `run`, in their order.
std::vector<StoredFinding> read_findings(JsonView answer, const RunRow& run);
std::vector<ActionRow> read_actions(JsonView answer, const RunRow& run);

/// Whether a run that was found is asked for.
bool fits(const RunFilter& filter, const RunRow& run);

}  // namespace caretaker
