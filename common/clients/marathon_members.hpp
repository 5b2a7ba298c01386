// SPDX-License-Identifier: Apache-2.0
// Members that definitions of Marathon's apps and pods have in common. All throw JsonError for what
// has another shape.
#pragma once

#include "common/clients/marathon_app.hpp"
#include "common/clients/milli.hpp"
#include "common/json/json_view.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// `otherwise` where the member is missing.
Milli amount_in(JsonView object, std::string_view name, Milli otherwise);

std::optional<Milli> optional_amount(JsonView object, std::string_view name);

std::optional<std::string> optional_text(JsonView object, std::string_view name);

/// None where it is missing or no time.
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> time_in(JsonView object,
                                                                        std::string_view name);

/// A port of the host, by its number.
void add_static_port(JsonView port, MarathonApp& app);

/// A mapping of an app, an endpoint of a pod: on the host. Without hostPort, of container networks,
/// it needs none.
void add_mapping(JsonView mapping, MarathonApp& app);

/// A port that a task has; 0 is none.
void add_host_port(JsonView port, MarathonTask& task);

/// `volumes` of what holds them: the persistent ones.
void read_volumes(JsonView holder, MarathonApp& app);

void read_accepted_roles(JsonView object, MarathonApp& app);

/// An upgradeStrategy.
void read_upgrade(JsonView strategy, MarathonApp& app);

/// `killSelection` of what holds it.
void read_kill_selection(JsonView holder, MarathonApp& app);

/// `labels`.
void read_gpu_behavior(JsonView object, MarathonApp& app);

}  // namespace caretaker
