// SPDX-License-Identifier: Apache-2.0
// What Chronos answers to one request, and what that changes.
#pragma once

#include "tests/sandbox/chronos_state.hpp"
#include "tests/support/fake_server.hpp"

namespace caretaker::sandbox {

/// Carries out the request on `state`, or refuses it as that version does.
ServedAnswer answer_chronos(ChronosState& state, const HttpRequest& request);

}  // namespace caretaker::sandbox
