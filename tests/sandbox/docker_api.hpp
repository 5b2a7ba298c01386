// SPDX-License-Identifier: Apache-2.0
// What a Docker Engine answers to one request.
#pragma once

#include "tests/sandbox/docker_state.hpp"
#include "tests/support/fake_server.hpp"

namespace caretaker::sandbox {

/// Carries out the request on `state`, or refuses it as an Engine of that version does. All but
/// /events.
ServedAnswer answer_docker(DockerState& state, const HttpRequest& request);

/// {"message":…}
ServedAnswer docker_refusal(int status, const std::string& message);

}  // namespace caretaker::sandbox
