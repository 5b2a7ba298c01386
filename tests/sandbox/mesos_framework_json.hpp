// SPDX-License-Identifier: Apache-2.0
// Frameworks and tasks in a Mesos master's v0 documents.
#pragma once

#include "tests/sandbox/mesos_documents.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// "TASK_RUNNING", …; TASK_UNREACHABLE or TASK_LOST where its agent cannot be reached.
std::string_view shown_state(const PlatformState& state, const FakeTask& task);

/// One element of a task's "statuses".
void write_task_status(Json& json, std::string_view state, std::int64_t ms, const FakeTask& task);

void write_mesos_task(Json& json,
                      const MesosScene& scene,
                      const FakeTask& task,
                      std::string_view state);

/// Tasks that are not over, by framework.
std::vector<std::vector<const FakeTask*>> tasks_by_framework(const PlatformState& state);

/// A framework's object up to "connected", without its end.
void write_framework_head(Json& json,
                          const MesosScene& scene,
                          std::size_t number,
                          const std::vector<const FakeTask*>& tasks);

/// "frameworks" and "completed_frameworks"; with an id, that one alone.
void write_framework_lists(Json& json, const MesosScene& scene, std::string_view only_id);

}  // namespace caretaker::sandbox
