// SPDX-License-Identifier: Apache-2.0
// What earlier runs on this host saw of images and volumes, kept in the store.
#pragma once

#include "jobs/cleanup/docker_plan.hpp"

#include <string>
#include <string_view>

namespace caretaker {

class JobMemory;

/// "1767225600000 1767229200000", in milliseconds since 1970; "-" for never used.
std::string encode_docker_memory(const DockerMemory& memory);

/// Nothing for other texts.
std::optional<DockerMemory> decode_docker_memory(std::string_view text);

/// All that is remembered of a kind ("docker_image") on that host. Throws StoreError.
DockerMemories load_docker_memories(JobMemory& memory,
                                    std::string_view kind,
                                    const std::string& host);

/// Replaces `before`, which was loaded, by `after`. Throws StoreError.
void save_docker_memories(JobMemory& memory,
                          std::string_view kind,
                          const std::string& host,
                          const DockerMemories& before,
                          const DockerMemories& after,
                          DockerTime now);

}  // namespace caretaker
