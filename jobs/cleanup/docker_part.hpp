// SPDX-License-Identifier: Apache-2.0
// The part `docker` of a cleanup: what the host's Docker Engine keeps and nobody uses.
#pragma once

#include "common/http/service_http.hpp"
#include "jobs/cleanup/cleanup_part.hpp"
#include "jobs/cleanup/docker_image_plan.hpp"
#include "jobs/cleanup/docker_space_plan.hpp"

#include <memory>
#include <optional>
#include <string>

namespace caretaker {

class SavedPlan;
class Settings;
struct Context;

struct DockerSettings {
    ServiceOptions engine{};
    std::optional<ContainerPolicy> containers{};
    bool remove_anonymous_volumes = true;  // with their container
    std::optional<ImagePolicy> images{};
    std::optional<VolumePolicy> volumes{};
    std::optional<BuildCachePolicy> build_cache{};
    std::optional<LogPolicy> logs{};  // of containers that run
};

/// Nothing where cleanup.docker.remove is empty. The Engine is the target's docker, else that of
/// DOCKER_HOST where it is a unix socket, else /var/run/docker.sock. Throws UsageError.
std::optional<DockerSettings> load_docker_settings(const Settings& settings,
                                                   const std::string& target);

/// `settings` outlives the part. Nothing beyond `saved_plan` is removed, if there is one.
std::unique_ptr<CleanupPart> make_docker_part(const DockerSettings& settings,
                                              std::shared_ptr<const SavedPlan> saved_plan,
                                              Context& context);

}  // namespace caretaker
