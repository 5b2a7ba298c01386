// SPDX-License-Identifier: Apache-2.0
// Agents in a Mesos master's v0 documents.
#pragma once

#include "tests/sandbox/mesos_documents.hpp"

#include <cstddef>

namespace caretaker::sandbox {

/// How much of an agent a document shows.
enum class AgentDetail { summary, state, slaves };

/// Everything of an agent but the end of its object, so that counters can follow.
void write_agent_members(Json& json,
                         const MesosScene& scene,
                         const PlatformIndex& index,
                         std::size_t number,
                         AgentDetail detail);

/// "recovered_slaves"; nothing before 1.2.
void write_recovered(Json& json, const MesosScene& scene);

}  // namespace caretaker::sandbox
