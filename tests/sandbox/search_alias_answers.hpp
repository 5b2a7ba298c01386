// SPDX-License-Identifier: Apache-2.0
// What the fake search engine answers about aliases and data streams.
#pragma once

#include "tests/sandbox/search_call.hpp"

#include <string>

namespace caretaker::sandbox {

std::string list_aliases(SearchCall& call);    // GET /_alias, GET and DELETE /{indices}/_alias
std::string change_aliases(SearchCall& call);  // POST /_aliases
std::string list_streams(SearchCall& call);    // GET /_data_stream

}  // namespace caretaker::sandbox
