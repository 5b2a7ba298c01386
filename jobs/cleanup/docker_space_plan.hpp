// SPDX-License-Identifier: Apache-2.0
// What a Docker Engine holds that nothing refers to by name: its build cache, and the logs of
// containers that run. No IO, no clock.
#pragma once

#include "jobs/cleanup/docker_plan.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

struct BuildCachePolicy {
    std::chrono::milliseconds unused_for{};
    std::uint64_t keep = 0;  // bytes that the cache may take in any case
};

struct LogPolicy {
    std::uint64_t truncate_over = 0;  // bytes
};

/// The log of a container that runs, as it was found.
struct ContainerLog {
    std::string container{};  // its name
    std::string path{};
    std::uint64_t size = 0;       // bytes
    std::uint64_t allocated = 0;  // of them on disk
    bool is_limited = false;      // the Engine rotates it
    bool all_append = false;      // it can be emptied under who writes into it
};

/// One removal, or none where nothing would go. An estimate: the Engine alone knows which records
/// need which others.
DockerPlan plan_build_cache(const std::vector<DockerCacheRecord>& records,
                            const BuildCachePolicy& policy,
                            DockerTime now);

/// Those larger than the policy says that can be emptied.
DockerPlan plan_logs(const std::vector<ContainerLog>& logs, const LogPolicy& policy);

/// Whether nothing keeps the log from filling the disk, and it has begun to.
bool grows_without_limit(const ContainerLog& log);

}  // namespace caretaker
