// SPDX-License-Identifier: Apache-2.0
// Seeded platforms: a Mesos cluster of any size with what runs on it.
#pragma once

#include "tests/sandbox/platform_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// What the cluster has. The same options make the same cluster.
struct ClusterOptions {
    std::uint64_t seed = 1;
    std::size_t agents = 30;
    std::size_t apps = 60;
    std::size_t tasks_per_agent = 20;  // in the mean, as far as they fit
    std::size_t pods = 0;
    MesosVersion version{};
    std::int64_t now_ms = 1'795'345'600'000;  // 2026-11-22T11:06:40Z

    /// Agents are called by their addresses, where what runs on them can be reached.
    bool has_addresses_as_names = false;
    std::size_t network = 20;  // addresses are 127.NETWORK.*.*

    bool has_attributes = true;    // rack, kind, level, slots
    bool has_reservations = true;  // static, dynamic, refined; volumes
    bool has_disks = true;         // PATH and MOUNT beside the root disk
    bool has_gpus = true;
    bool has_regions = true;    // fault domains, a few agents in another region
    bool has_revocable = true;  // oversubscribed cpus
    bool has_states = true;     // agents deactivated, draining, gone quiet, recovered, …
    bool has_quota = true;
    bool has_maintenance = true;  // a window for two machines
    bool has_offers = true;       // held by another scheduler
    bool has_chronos = true;      // and its tasks
};

/// Names of the switches above without "has_": "attributes", "reservations", …
std::vector<std::string_view> cluster_feature_names();

/// Turns one of them off. False when there is none of that name.
bool leave_out(ClusterOptions& options, std::string_view feature);

PlatformState make_platform(const ClusterOptions& options);

/// Roles and frameworks of the cluster that stand for something.
namespace demo_cluster {
inline constexpr std::string_view static_role = "logs";
inline constexpr std::string_view dynamic_role = "db";
inline constexpr std::string_view refined_role = "logs/hot";
inline constexpr std::string_view quota_role = "batch";
inline constexpr std::string_view marathon = "marathon";
inline constexpr std::string_view chronos = "chronos";
inline constexpr std::string_view logstash = "logstash";
inline constexpr std::string_view away = "cassandra";                   // its scheduler is away
inline constexpr std::string_view holder = "spark";                     // holds offers
inline constexpr std::string_view too_large_app = "/search/reindexer";  // fits nowhere
}  // namespace demo_cluster

}  // namespace caretaker::sandbox
