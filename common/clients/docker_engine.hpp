// SPDX-License-Identifier: Apache-2.0
// A Docker Engine: its containers, images and volumes, API 1.24 to 1.51.
#pragma once

#include "common/clients/docker_objects.hpp"
#include "common/http/http.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// What became of a removal.
struct DockerRemoval {
    enum class Outcome { done, changed, failed };

    Outcome outcome = Outcome::done;
    std::string message{};  // the Engine's, unless it is done
};

struct DockerCachePrune {
    DockerRemoval removal{};
    std::uint64_t freed = 0;  // bytes, by the Engine's account
};

/// What an answer to a removal means: what is gone is done, whoever removed it; what is in use or
/// in the way has changed since it was looked at.
DockerRemoval judge_docker_removal(const HttpResponse& response);

class DockerEngine {
 public:
    explicit DockerEngine(HttpClient& http) : http_(http) {}

    // All throw RemoteError, `unreachable` also for an answer that cannot be read, and when there
    // is no version of the API that both sides speak.

    /// All containers with their details; one that goes meanwhile is left out.
    std::vector<DockerContainer> fetch_containers();

    /// All images, parents without a tag too; with the times of those that have tags or no child.
    /// `with_shared`: with what they share, which takes the Engine a while, and of which it tells
    /// from API 1.42 on.
    std::vector<DockerImage> fetch_images(bool with_shared = false);

    std::vector<DockerVolume> fetch_volumes();

    /// The directory that it keeps everything in, as its own host calls it; empty where it does not
    /// say.
    std::string fetch_root_directory();

    // A removal whose answer does not come is looked up before it is called failed.

    /// Never by force. `with_volumes`: its anonymous volumes go, too.
    DockerRemoval remove_container(const std::string& id, bool with_volumes);

    /// `reference`: a tag, a digest or an id. Parents without a tag go with the last of it.
    DockerRemoval remove_image(const std::string& reference);

    DockerRemoval remove_volume(const std::string& name);

    /// The records of the build cache; none where the Engine keeps no such cache (before API 1.39).
    /// Takes the Engine minutes where there is much.
    std::vector<DockerCacheRecord> fetch_build_cache();

    /// Lets the Engine drop what was not used for so long, as long as the cache is larger than
    /// `keep` bytes. It alone knows which records need which others.
    DockerCachePrune prune_build_cache(std::chrono::seconds unused_for, std::uint64_t keep);

 private:
    void agree_on_version();
    HttpResponse get(const std::string& path);
    /// `thing` is what shows whether it is there.
    DockerRemoval remove(const std::string& path, const std::string& thing);

    HttpClient& http_;
    std::string version_{};  // "/v1.41"; empty: not yet agreed on
    int minor_ = 0;
};

}  // namespace caretaker
