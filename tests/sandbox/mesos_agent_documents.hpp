// SPDX-License-Identifier: Apache-2.0
// The documents of a Mesos agent's own endpoints.
#pragma once

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/platform_state.hpp"

#include <cstddef>
#include <string>

namespace caretaker::sandbox {

/// Where the sandbox of a run lies on the agent's host: WORK_DIR/slaves/…/runs/CONTAINER.
std::string sandbox_directory(const PlatformState& state, const FakeTask& task);

/// /state of the agent with that number.
void write_agent_state(Json& json, const PlatformState& state, std::size_t agent);

/// /monitor/statistics; `with_containers` makes it /containers.
void write_agent_statistics(Json& json,
                            const PlatformState& state,
                            std::size_t agent,
                            bool with_containers);

/// Answers a request to the agent.
ServedAnswer answer_mesos_agent(const std::shared_ptr<const PlatformState>& state,
                                std::size_t agent,
                                const HttpRequest& request);

}  // namespace caretaker::sandbox
