// SPDX-License-Identifier: Apache-2.0
// Marathon's documents: apps, tasks, deployments, queue, groups.
#pragma once

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/platform_state.hpp"

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// The version that Marathon says it is, for comparing.
struct MarathonVersion {
    int major = 1;
    int minor = 10;

    friend auto operator<=>(const MarathonVersion&, const MarathonVersion&) = default;
};

/// Reads the beginning of "1.10.26"; 1.10 for what is none.
MarathonVersion marathon_version(const PlatformState& state);

/// What `embed` asks for.
struct AppEmbeds {
    bool tasks = false;
    bool last_failure = false;
    bool task_stats = false;
    bool readiness = false;
};

void write_app(Json& json, const PlatformState& state, const std::string& id, AppEmbeds embeds);

/// {"apps":[…]} of the apps that `wanted` accepts.
void write_apps(Json& json,
                const PlatformState& state,
                AppEmbeds embeds,
                const std::function<bool(const std::string& id, const FakeApp&)>& wanted);

void write_marathon_task(Json& json, const PlatformState& state, const FakeTask& task);

/// {"tasks":[…]} of one app, or of all where `app` is empty; of one state where that is given.
void write_marathon_tasks(Json& json,
                          const PlatformState& state,
                          const std::string& app,
                          const std::vector<std::string>& states);

/// Lines "app <tab> port <tab> host:port …", one for each port of each app.
std::string format_marathon_tasks(const PlatformState& state);

void write_deployments(Json& json, const PlatformState& state);

void write_queue(Json& json, const PlatformState& state);

/// The group of that id with those below it; apps with tasks where `embeds` says so.
void write_group(Json& json,
                 const PlatformState& state,
                 const std::string& id,
                 bool with_apps,
                 AppEmbeds embeds);

void write_info(Json& json, const PlatformState& state, const std::vector<std::string>& instances);

/// {"versions":[…]}, newest first.
void write_versions(Json& json, const FakeApp& app);

}  // namespace caretaker::sandbox
