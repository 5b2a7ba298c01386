// SPDX-License-Identifier: Apache-2.0
// What was read of a cluster, before anything is judged.
#pragma once

#include "common/base/wall_time.hpp"
#include "common/clients/milli.hpp"
#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/quota_model.hpp"
#include "jobs/leftovers/workload.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// Mesos knows a machine by host name, without case, and address together.
struct Machine {
    std::string hostname{};
    std::string address{};
};

struct MaintenanceWindow {
    std::vector<Machine> machines{};
    std::chrono::nanoseconds start{0};                   // since 1970
    std::optional<std::chrono::nanoseconds> duration{};  // none: for ever
};

/// One alternative of --min_allocatable_resources: all of its amounts together.
using AllocatableAmounts = std::vector<std::pair<std::string, Milli>>;

/// Flags of the master that decide what is offered.
struct MasterFlags {
    /// One satisfied alternative is enough. Mesos' default, 0.01 CPUs or 32 MB.
    std::vector<AllocatableAmounts> min_allocatable{{{"cpus", 10}}, {{"mem", 32'000}}};
    /// How often the allocator hands out. Mesos' default.
    std::chrono::milliseconds allocation_interval{1'000};
};

/// What could not be read of one element of a document.
struct UnreadElement {
    std::string subject{};  // "agent …"
    std::string message{};
    bool is_denied = false;  // for lack of rights
};

struct ClusterFacts {
    Cluster cluster{};
    Workload workload{};
    std::vector<RoleQuota> quotas{};  // of top-level roles that have any
    std::vector<MaintenanceWindow> windows{};
    std::vector<Machine> down_machines{};
    MasterFlags flags{};
    std::string mesos_version{};
    std::optional<std::int64_t> unreachable{};  // agents the master has given up, where it tells
    std::int64_t listed_twice = 0;              // agents that one document lists twice
    std::vector<UnreadElement> unread{};
    std::vector<std::string> missing_documents{};  // those refused or not there, by name
    std::chrono::milliseconds spread{0};           // between the first and the last document
    WallTime taken_at{};                           // of the last document
    std::uint64_t input_bytes = 0;
};

/// "1secs", "500ms", as Mesos writes durations; nothing for another text and beyond a day.
std::optional<std::chrono::milliseconds> parse_mesos_duration(std::string_view text);

/// "cpus:0.01|mem:32", as the flag is written; nothing for another text.
std::optional<std::vector<AllocatableAmounts>> parse_min_allocatable(std::string_view text);

}  // namespace caretaker
