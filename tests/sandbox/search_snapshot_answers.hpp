// SPDX-License-Identifier: Apache-2.0
// What the fake search engine answers about snapshots: taking, restoring and mounting them.
#pragma once

#include "tests/sandbox/search_call.hpp"

#include <string>

namespace caretaker::sandbox {

/// Everything below /_snapshot.
std::string answer_snapshots(SearchCall& call);

/// GET /{indices}/_recovery.
std::string list_recoveries(SearchCall& call);

}  // namespace caretaker::sandbox
