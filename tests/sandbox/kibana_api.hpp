// SPDX-License-Identifier: Apache-2.0
// What a Kibana answers to one request.
#pragma once

#include "tests/sandbox/kibana_state.hpp"
#include "tests/support/fake_server.hpp"

namespace caretaker::sandbox {

/// Carries out the request on `state`, or refuses it as that version does.
ServedAnswer answer_kibana(KibanaState& state, const HttpRequest& request);

}  // namespace caretaker::sandbox
