// SPDX-License-Identifier: Apache-2.0
// What a fake Docker Engine holds: containers, images, volumes, networks, build cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

using DockerLabels = std::map<std::string, std::string>;

/// 1.43 is {1, 43}; Engines have only had major version 1.
struct DockerApiVersion {
    int minor = 43;

    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const DockerApiVersion&, const DockerApiVersion&) = default;
};

/// "1.43"; nothing for what is none.
std::optional<DockerApiVersion> parse_docker_api_version(std::string_view text);

struct FakeMount {
    std::string type{"volume"};  // volume or bind
    std::string name{};          // of the volume
    std::string source{};
    std::string destination{};
};

struct FakeContainer {
    std::string id{};        // 64 hex digits
    std::string name{};      // without the slash before it
    std::string image{};     // as it was named at the start
    std::string image_id{};  // "sha256:…"
    /// created, running, paused, restarting, removing, exited, dead
    std::string state{"running"};
    std::int64_t created_ms = 0;
    std::int64_t started_ms = 0;   // 0: never
    std::int64_t finished_ms = 0;  // 0: never
    int exit_code = 0;
    DockerLabels labels{};
    std::vector<FakeMount> mounts{};
    std::vector<std::string> volumes_from{};  // ids or names of other containers
    std::string network_mode{"default"};      // "container:ID" shares another one's
    std::string pid_mode{};
    std::string ipc_mode{};
    std::int64_t written_bytes = 0;  // of its own layer
    std::string log_path{};
    std::string log_driver{"json-file"};
    DockerLabels log_options{};  // max-size, max-file
    std::vector<std::string> networks{"bridge"};

    [[nodiscard]] bool is_running() const;
};

struct FakeImage {
    std::string id{};                    // "sha256:…"
    std::string parent{};                // id; empty: none, or built by BuildKit
    std::vector<std::string> tags{};     // "repo:tag"
    std::vector<std::string> digests{};  // "repo@sha256:…"
    std::int64_t created_ms = 0;         // when it was built
    std::int64_t tagged_ms = 0;          // when it was last tagged or pulled here; 0: not known
    std::int64_t size = 0;
    std::int64_t shared_size = 0;
    DockerLabels labels{};
};

struct FakeVolume {
    std::string name{};
    std::string driver{"local"};
    DockerLabels options{};
    DockerLabels labels{};
    std::int64_t created_ms = 0;
    std::int64_t size = 0;
    bool is_anonymous = false;
};

struct FakeNetwork {
    std::string id{};
    std::string name{};
    std::string driver{"bridge"};
    std::int64_t created_ms = 0;
    DockerLabels labels{};
    bool is_predefined = false;
};

struct FakeCacheRecord {
    std::string id{};
    std::string type{"regular"};
    std::string description{};
    bool is_in_use = false;
    bool is_shared = false;
    std::int64_t size = 0;
    std::int64_t created_ms = 0;
    std::optional<std::int64_t> used_ms{};
    int usage_count = 1;
};

struct FakeDockerEvent {
    std::string type{};  // container, image, volume, network, builder
    std::string action{};
    std::string id{};
    std::string name{};
    std::int64_t time_ms = 0;
};

struct DockerState {
    std::string engine_version{"24.0.7"};
    DockerApiVersion max_api{43};
    DockerApiVersion min_api{12};
    std::string root{"/var/lib/docker"};
    std::int64_t now_ms = 0;
    std::int64_t started_ms = 0;
    std::map<std::string, FakeContainer> containers{};  // by id
    std::map<std::string, FakeImage> images{};          // by id
    std::map<std::string, FakeVolume> volumes{};        // by name
    std::map<std::string, FakeNetwork> networks{};      // by id
    std::vector<FakeCacheRecord> cache{};
    std::vector<FakeDockerEvent> events{};
    bool is_pruning = false;  // somebody else prunes: 409

    void record(std::string type, std::string action, std::string id, std::string name);

    /// By id, name with or without slash, or an unambiguous beginning of an id.
    [[nodiscard]] const FakeContainer* find_container(std::string_view reference) const;

    /// By id with or without "sha256:", an unambiguous beginning of one, "repo:tag", "repo" (of the
    /// tag latest) or "repo@sha256:…".
    [[nodiscard]] const FakeImage* find_image(std::string_view reference) const;

    [[nodiscard]] const FakeNetwork* find_network(std::string_view reference) const;

    /// Containers of any state that hold the volume.
    [[nodiscard]] std::vector<std::string> users_of_volume(std::string_view name) const;
};

struct DockerScenario {
    std::uint64_t seed = 1;
    std::int64_t now_ms = 1'795'345'600'000;  // 2026-11-22T11:06:40Z
    std::size_t running = 20;                 // containers
    std::size_t exited = 15;
};

/// A host of the platform: containers of Mesos and others in every state, images in use and not,
/// with one and several tags, parents and dangling ones, volumes of all kinds, a build cache.
DockerState make_docker_host(const DockerScenario& scenario);

/// What of it stands for something.
namespace demo_docker {
inline constexpr std::string_view data_container = "kibana-data";  // others use its volumes
inline constexpr std::string_view paused = "maintenance-shell";
inline constexpr std::string_view never_started = "migration";
inline constexpr std::string_view kept = "audit-archive";  // label caretaker.keep
inline constexpr std::string_view named_volume = "elasticsearch-data";
inline constexpr std::string_view remote_volume = "nfs-backup";
inline constexpr std::string_view two_names = "registry.example/base/java:17";
}  // namespace demo_docker

}  // namespace caretaker::sandbox
