// SPDX-License-Identifier: Apache-2.0
// What the answers of a Docker Engine say, API 1.24 to 1.51. No IO.
#pragma once

#include "common/clients/docker_objects.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

class JsonView;

// Parts of answers. Throw JsonError.

DockerContainer parse_docker_container(JsonView listed);
void add_container_details(JsonView details, DockerContainer& container);
DockerImage parse_docker_image(JsonView listed);
void add_image_details(JsonView details, DockerImage& image);
DockerVolume parse_docker_volume(JsonView listed);
DockerCacheRecord parse_docker_cache_record(JsonView listed);

/// Of its API, "1.41" and "1.12"; empty where it does not say.
struct DockerVersions {
    std::string newest{};
    std::string oldest{};
};

DockerVersions parse_docker_versions(JsonView root);

/// A time of the Engine, "2026-05-04T03:15:07.123456789Z"; nothing for its zero time and for what
/// is none.
std::optional<DockerTime> parse_docker_time(std::string_view text);

}  // namespace caretaker
