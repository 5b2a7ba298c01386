// SPDX-License-Identifier: Apache-2.0
// What the fake search engine answers about indices and their settings.
#pragma once

#include "tests/sandbox/search_call.hpp"

#include <string>

namespace caretaker::sandbox {

std::string cat_indices(SearchCall& call);      // GET /_cat/indices
std::string list_settings(SearchCall& call);    // GET /{indices}/_settings
std::string change_settings(SearchCall& call);  // PUT /{indices}/_settings
std::string stats(SearchCall& call);            // GET /_stats
std::string indexing_stats(SearchCall& call);   // GET /{index}/_stats/indexing
std::string search(SearchCall& call);           // POST /_msearch
std::string create(SearchCall& call);           // PUT /{index}
std::string remove(SearchCall& call);           // DELETE /{indices}
std::string change_state(SearchCall& call);  // POST /{indices}/_close, _open, _flush, _forcemerge

}  // namespace caretaker::sandbox
