// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_members.hpp"

#include "common/json/json_members.hpp"
#include "common/text/edit_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace caretaker {

namespace {

/// `mode` is ours; what only answers have is taken, for plans are made of them.
constexpr std::array<std::string_view, 53> app_names{"acceptedResourceRoles",
                                                     "args",
                                                     "backoffFactor",
                                                     "backoffSeconds",
                                                     "check",
                                                     "cmd",
                                                     "constraints",
                                                     "container",
                                                     "cpus",
                                                     "dependencies",
                                                     "deployments",
                                                     "disk",
                                                     "env",
                                                     "executor",
                                                     "executorResources",
                                                     "fetch",
                                                     "gpus",
                                                     "healthChecks",
                                                     "id",
                                                     "instances",
                                                     "ipAddress",
                                                     "killSelection",
                                                     "labels",
                                                     "lastTaskFailure",
                                                     "maxLaunchDelaySeconds",
                                                     "mem",
                                                     "mode",
                                                     "networkBandwidth",
                                                     "networks",
                                                     "portDefinitions",
                                                     "ports",
                                                     "readinessCheckResults",
                                                     "readinessChecks",
                                                     "requirePorts",
                                                     "residency",
                                                     "resourceLimits",
                                                     "role",
                                                     "secrets",
                                                     "storeUrls",
                                                     "taskKillGracePeriodSeconds",
                                                     "taskStats",
                                                     "tasks",
                                                     "tasksHealthy",
                                                     "tasksRunning",
                                                     "tasksStaged",
                                                     "tasksUnhealthy",
                                                     "tty",
                                                     "unreachableStrategy",
                                                     "upgradeStrategy",
                                                     "uris",
                                                     "user",
                                                     "version",
                                                     "versionInfo"};
constexpr std::array<std::string_view, 2> strategy_names{"maximumOverCapacity",
                                                         "minimumHealthCapacity"};
constexpr std::array<std::string_view, 17> pod_names{"containers",
                                                     "environment",
                                                     "executorResources",
                                                     "id",
                                                     "labels",
                                                     "legacySharedCgroups",
                                                     "linuxInfo",
                                                     "mode",
                                                     "networks",
                                                     "role",
                                                     "scaling",
                                                     "scheduling",
                                                     "secrets",
                                                     "status",
                                                     "user",
                                                     "version",
                                                     "volumes"};
constexpr std::array<std::string_view, 5> resource_members{
    "cpus", "disk", "gpus", "mem", "networkBandwidth"};
constexpr std::array<std::string_view, 4> scaling_names{
    "instances", "kind", "maxInstances", "minInstances"};
constexpr std::array<std::string_view, 7> group_names{
    "apps", "dependencies", "enforceRole", "groups", "id", "pods", "version"};

void refuse_wrong(JsonView object, std::span<const std::string_view> names) {
    for (const JsonMember& member : object.members()) {
        if (std::ranges::find(names, member.name) != names.end()) {
            continue;
        }
        const auto near = nearest_name(member.name, names);
        member.value.fail(near
                              ? fmt::format("is no member that Marathon knows; is {} meant?", *near)
                              : std::string("is no member that Marathon knows; leave it out"));
    }
}

void refuse_wrong_in(JsonView object,
                     std::string_view member,
                     std::span<const std::string_view> names) {
    if (const auto inner = object.find(member)) {
        refuse_wrong(*inner, names);
    }
}

}  // namespace

void refuse_unknown(JsonView object, std::span<const std::string_view> names) {
    for (const JsonMember& member : object.members()) {
        if (std::ranges::find(names, member.name) == names.end()) {
            member.value.fail(fmt::format("is not known; possible are {}", fmt::join(names, ", ")));
        }
    }
}

void refuse_unknown_in_app(JsonView object) {
    refuse_wrong(object, app_names);
    refuse_wrong_in(object, "upgradeStrategy", strategy_names);
}

void refuse_unknown_in_pod(JsonView object) {
    refuse_wrong(object, pod_names);
    refuse_wrong_in(object, "scaling", scaling_names);
    refuse_wrong_in(object, "executorResources", resource_members);
    for (const JsonView& container : json_elements_of(object, "containers")) {
        refuse_wrong_in(container, "resources", resource_members);
    }
}

void refuse_unknown_in_group(JsonView object) {
    refuse_wrong(object, group_names);
}

}  // namespace caretaker
