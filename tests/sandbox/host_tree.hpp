// SPDX-License-Identifier: Apache-2.0
// A host's directories as upkeep finds them: logs of all ages, hostile names, Mesos sandboxes.
#pragma once

#include "tests/sandbox/platform_state.hpp"
#include "tests/sandbox/tree_writer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace caretaker::sandbox {

struct HostTreeOptions {
    std::filesystem::path root{};
    std::chrono::sys_seconds now{};
    std::uint64_t seed = 1;
    std::size_t log_files = 400;
    int days = 60;  // the oldest log's age
    bool has_hostile_names =
        true;                     // line breaks, dashes, no UTF-8, 255 bytes, longer than PATH_MAX
    bool has_other_types = true;  // links, FIFOs, sockets, empty directories
    bool has_sandboxes = true;
};

/// Where what lies below the root.
struct HostTree {
    std::filesystem::path logs{};
    std::filesystem::path outside{};   // to which links lead; nothing in it may ever go
    std::filesystem::path work_dir{};  // of the Mesos agent
    std::size_t entries = 0;
    std::vector<std::string> live_containers{};  // whose runs must stay
    std::vector<std::string> dead_containers{};  // finished ones of that agent
    std::string dead_agent{};                    // an id that no agent has any more
};

/// Makes the tree. The sandboxes are those of agent 0 of the platform: of its tasks, of finished
/// ones that it still knows or has forgotten, and of an agent before it. The same for the same
/// seed and time. Throws UsageError for a root that is not empty, std::system_error.
HostTree make_host_tree(const HostTreeOptions& options, PlatformState& platform);

}  // namespace caretaker::sandbox
