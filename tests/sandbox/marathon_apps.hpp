// SPDX-License-Identifier: Apache-2.0
// App definitions of Marathon, and the tasks that they become.
#pragma once

#include "tests/sandbox/marathon_placement.hpp"
#include "tests/sandbox/platform_state.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// Members of an app definition, each as JSON.
using AppFields = std::map<std::string, std::string>;

/// The members that a full definition has, with Marathon's defaults.
AppFields default_app_fields();

struct DemoApp {
    std::string id{};
    AppFields fields{};
    bool is_unique_per_host = false;
};

/// An app of the platform's kind; `number` makes its name, `random` its needs.
DemoApp make_demo_app(std::size_t number, std::uint64_t random);

/// A number among the fields in thousandths; 0 where it is none.
std::int64_t milli_field(const AppFields& fields, const std::string& name);

std::size_t instances_of(const AppFields& fields);

PlacementNeeds needs_of(const AppFields& fields);

/// A task of the app on that agent, with ports taken there; not yet added to the state.
FakeTask make_app_task(const PlatformState& state,
                       const std::string& app,
                       const AppFields& fields,
                       std::size_t agent,
                       const std::string& uuid);

/// Which of the service ports (of `portDefinitions`) another app has; 0: none.
std::int64_t taken_service_port(const PlatformState& state, const AppFields& fields);

/// Gives those that are 0 numbers that no app has.
void choose_service_ports(const PlatformState& state, AppFields& fields);

/// "/prod/kibana" as task ids have it: "prod_kibana".
std::string task_prefix(std::string_view app);

}  // namespace caretaker::sandbox
