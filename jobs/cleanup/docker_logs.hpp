// SPDX-License-Identifier: Apache-2.0
// The logs that a Docker Engine keeps of containers that run, as files of this host.
#pragma once

#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/docker_space_plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// Those that can be seen from here. Who writes into one is only asked for those larger than `over`
/// bytes.
std::vector<ContainerLog> look_at_logs(const std::vector<DockerContainer>& containers,
                                       std::uint64_t over,
                                       DirectoryOpener& opener);

/// Empties the log if it still is larger than `over` bytes and all its writers append. 0, an errno,
/// or nothing: it is not what was planned.
std::optional<int> empty_log(const std::string& path, std::uint64_t over, DirectoryOpener& opener);

}  // namespace caretaker
