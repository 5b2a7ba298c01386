// SPDX-License-Identifier: Apache-2.0
// What a search engine answers to one request.
#pragma once

#include "tests/sandbox/search_state.hpp"
#include "tests/support/fake_server.hpp"

namespace caretaker::sandbox {

/// Carries out the request on `state`, or refuses it as that version does.
ServedAnswer answer_search(SearchState& state, const HttpRequest& request);

}  // namespace caretaker::sandbox
