// SPDX-License-Identifier: Apache-2.0
// How Marathon's deployments go on, task by task, as the platform's clock does.
#pragma once

#include "tests/sandbox/marathon_apps.hpp"
#include "tests/sandbox/platform_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// Sets the clock to `until`. Tasks that come due on the way start running or end, one after the
/// other, and deployments go on after each.
void advance_platform(PlatformState& state, std::int64_t until);

/// One app of a deployment; empty fields delete it.
struct AppChange {
    std::string app{};
    AppFields fields{};
};

/// Takes over the definitions and begins to carry them out. Nothing may be deployed for these apps.
/// The deployment's id and version, also where nothing was to do and it is over at once.
FakeDeployment deploy(PlatformState& state, const std::vector<AppChange>& changes);

/// A deployment that restarts all tasks of the app.
FakeDeployment deploy_restart(PlatformState& state, const std::string& app);

/// Ids of the running deployments that hold any of the apps.
std::vector<std::string> locks_of(const PlatformState& state, const std::vector<std::string>& apps);

/// Ends it without rolling back: apps stay as far as they are.
void cancel_deployment(PlatformState& state, std::string_view id);

/// Ends it and begins one that brings the definitions before it back. Nothing when there is none of
/// that id.
std::optional<FakeDeployment> roll_back(PlatformState& state, std::string_view id);

/// Begins to end a task; where its app has it still, another one takes its place.
void kill_task(PlatformState& state, const std::string& id);

/// All tasks of the app.
std::vector<std::string> tasks_of(const PlatformState& state, const std::string& app);

/// Tasks of the app that are not being killed, oldest first.
std::vector<std::string> live_tasks(const PlatformState& state, const std::string& app);

/// A new id, the same for the same history.
std::string next_uuid(PlatformState& state);

}  // namespace caretaker::sandbox
