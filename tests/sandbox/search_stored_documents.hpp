// SPDX-License-Identifier: Apache-2.0
// The fake search engine's single documents: read, written and deleted by id, on condition or not.
// Written from the documentation of the Index, Get and Delete APIs and of optimistic concurrency
// control.
#pragma once

#include "tests/sandbox/search_call.hpp"
#include "tests/support/fake_server.hpp"

#include <optional>
#include <string>

namespace caretaker::sandbox {

/// The answer to GET, PUT, POST or DELETE /{index}/_doc/{id} (7 and later) or /{index}/{type}/{id}
/// (before 8), and PUT /{index}/_create/{id} (7 and later); nothing for other calls. Its status is
/// its own: 201 for what was made, 404 for what is not there.
std::optional<ServedAnswer> answer_document(const SearchCall& call);

}  // namespace caretaker::sandbox
