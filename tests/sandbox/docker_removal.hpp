// SPDX-License-Identifier: Apache-2.0
// What a Docker Engine removes and what it refuses to.
#pragma once

#include "tests/sandbox/docker_request.hpp"
#include "tests/sandbox/docker_state.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// DELETE /containers/{reference}. Throws DockerRefusal.
void remove_container(DockerState& state,
                      std::string_view reference,
                      bool with_volumes,
                      bool is_forced);

/// One entry of the answer to DELETE /images/{name}.
struct RemovedImage {
    bool is_deleted = false;  // else: untagged
    std::string what{};
};

/// DELETE /images/{reference}. Untagged parents go too, unless `keeps_parents`. Throws
/// DockerRefusal.
std::vector<RemovedImage> remove_image(DockerState& state,
                                       const std::string& reference,
                                       bool is_forced,
                                       bool keeps_parents);

/// DELETE /volumes/{name}. Throws DockerRefusal.
void remove_volume(DockerState& state, const std::string& name, bool is_forced);

/// DELETE /networks/{reference}. Throws DockerRefusal.
void remove_network(DockerState& state, std::string_view reference);

struct Pruned {
    std::vector<std::string> names{};
    std::vector<RemovedImage> images{};
    std::int64_t bytes = 0;
};

/// Compares `until` with the time of creation, and leaves anonymous volumes behind.
Pruned prune_containers(DockerState& state, const DockerFilters& filters);

/// `dangling=false` means every image that is not in use.
Pruned prune_images(DockerState& state, const DockerFilters& filters);

/// Before 1.42 named volumes go too.
Pruned prune_volumes(DockerState& state, const DockerFilters& filters, DockerApiVersion version);

Pruned prune_networks(DockerState& state, const DockerFilters& filters);

/// Records that were not used since `until` and are not in use, the oldest first, until no more
/// than `keep` bytes are left. Without `all`, only those of what is not shared.
Pruned prune_cache(DockerState& state, const DockerFilters& filters, bool all, std::int64_t keep);

}  // namespace caretaker::sandbox
