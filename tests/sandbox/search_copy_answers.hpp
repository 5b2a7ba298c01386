// SPDX-License-Identifier: Apache-2.0
// What the fake search engine answers to shrinking and reindexing.
#pragma once

#include "tests/sandbox/search_call.hpp"

#include <string>

namespace caretaker::sandbox {

std::string shrink(SearchCall& call);   // POST and PUT /{index}/_shrink/{target}
std::string reindex(SearchCall& call);  // POST /_reindex
std::string tasks(SearchCall& call);    // GET /_tasks and /_tasks/{id}

}  // namespace caretaker::sandbox
