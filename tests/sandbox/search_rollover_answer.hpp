// SPDX-License-Identifier: Apache-2.0
// The fake search engine's rollovers.
#pragma once

#include "tests/sandbox/search_call.hpp"

namespace caretaker::sandbox {

/// POST /{alias}/_rollover[/{index}].
std::string answer_rollover(SearchCall& call);

}  // namespace caretaker::sandbox
