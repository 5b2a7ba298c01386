// SPDX-License-Identifier: Apache-2.0
// Which containers and volumes of a Docker Engine go. No IO, no clock.
#pragma once

#include "common/clients/docker_objects.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct ContainerPolicy {
    std::chrono::milliseconds older_than{};
    std::chrono::milliseconds mesos_older_than{};  // of those that a Mesos agent made
    std::vector<std::string> states{};             // exited, dead, created
    std::vector<std::string> exclude_names{};      // globs
    std::vector<std::string> exclude_images{};     // globs
    std::vector<std::string> exclude_labels{};     // globs, on "key" or "key=value"
};

struct VolumePolicy {
    bool anonymous_only = true;
    std::chrono::milliseconds older_than{};
    std::vector<std::string> exclude_names{};   // globs
    std::vector<std::string> exclude_labels{};  // globs
};

/// What earlier runs on this host saw of a thing.
struct DockerMemory {
    DockerTime first_seen{};
    std::optional<DockerTime> last_used{};
};

using DockerMemories = std::map<std::string, DockerMemory, std::less<>>;  // by id, or name

/// Of the file system that the Engine keeps everything on, in bytes; 0 in all: not known.
struct DockerDisk {
    std::uint64_t free = 0;
    std::uint64_t total = 0;
};

struct DockerFacts {
    std::vector<DockerContainer> containers{};
    std::vector<DockerImage> images{};
    std::vector<DockerVolume> volumes{};
    DockerMemories image_memory{};   // with what this run sees, see remember_images()
    DockerMemories volume_memory{};  // the same
    DockerTime now{};
    DockerDisk disk{};
};

enum class DockerKind : std::uint8_t { container, image, volume, build_cache, log };

struct PlannedRemoval {
    DockerKind kind{};
    std::string name{};       // of the container, the reference, or of the volume
    std::string id{};         // of container or image; the volume's name, the log's path
    std::uint64_t bytes = 0;  // an estimate; of an image with its last reference
    std::string reason{};
};

struct DockerPlan {
    std::vector<PlannedRemoval> removals{};  // in the order in which they are to be done
    std::int64_t universe = 0;               // how many of the kind the policy could act on
};

/// Those that ended longer ago than the policy says, and that no container which stays borrows
/// from.
DockerPlan plan_containers(const DockerFacts& facts, const ContainerPolicy& policy);

/// Those of this host's disks that no container left has.
DockerPlan plan_volumes(const DockerFacts& facts,
                        const VolumePolicy& policy,
                        const std::vector<PlannedRemoval>& gone);

/// What is to be remembered of the images: those in use are used now, those never seen before are
/// seen first. What is not there any more is forgotten.
DockerMemories remember_images(const DockerFacts& facts, const DockerMemories& before);

/// The same of volumes, where `first_seen` is since when one is without a container: while it has
/// one it is not remembered.
DockerMemories remember_volumes(const DockerFacts& facts, const DockerMemories& before);

/// Whether a Mesos agent named it: `mesos-`, a container id (a UUID), with the agent's id and a dot
/// before it in 0.23 to 1.3, and `.executor` behind that of an executor.
bool is_mesos_container(std::string_view name);

}  // namespace caretaker
