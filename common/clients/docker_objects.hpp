// SPDX-License-Identifier: Apache-2.0
// What a Docker Engine keeps, as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

using DockerTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Keys and values of labels, as they come.
using DockerLabels = std::vector<std::pair<std::string, std::string>>;

struct DockerContainer {
    std::string id{};
    std::string name{};   // the first, without its slash
    std::string image{};  // as it was asked for; the bare id once its tag is gone
    std::string image_id{};
    std::string state{};  // created restarting running removing paused exited dead
    DockerTime created{};
    DockerLabels labels{};
    std::vector<std::string> volumes{};  // names
    // From its details:
    std::string asked_image{};             // as it was asked for, though its tag may be gone
    std::string log_path{};                // on the host; empty: its log is no file of the Engine
    bool log_is_limited = false;           // max-size is set
    std::optional<DockerTime> finished{};  // nothing: never started, or not ended
    std::vector<std::string> borrows{};    // ids or names of containers whose volumes, network, PID
                                           // or IPC namespace it uses
};

struct DockerImage {
    std::string id{};
    std::string parent{};                // empty: none, or not known
    std::vector<std::string> tags{};     // "registry:5000/app:1.2"; none of "<none>:<none>"
    std::vector<std::string> digests{};  // "registry:5000/app@sha256:…", the same
    std::uint64_t size = 0;              // bytes
    std::uint64_t shared = 0;            // of them with other images; 0 where it is not told
    DockerLabels labels{};
    std::optional<DockerTime> tagged{};  // when it was last tagged or pulled here; from its details
};

struct DockerVolume {
    std::string name{};
    std::string driver{};
    bool has_options = false;  // mount options: it lies elsewhere
    DockerLabels labels{};
};

/// A record of the build cache.
struct DockerCacheRecord {
    std::uint64_t size = 0;  // bytes
    bool in_use = false;
    bool shared = false;     // with an image: its space is no cache alone
    DockerTime last_used{};  // when it was made, where it never was
};

}  // namespace caretaker
