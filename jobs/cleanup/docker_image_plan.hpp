// SPDX-License-Identifier: Apache-2.0
// Which images of a Docker Engine go. No IO, no clock.
#pragma once

#include "jobs/cleanup/docker_plan.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct ImagePolicy {
    std::chrono::milliseconds older_than{};
    std::chrono::milliseconds dangling_older_than{};
    std::int64_t keep_newest_tags = 0;              // of each repository
    std::vector<std::string> exclude{};             // globs on references
    std::vector<std::string> exclude_labels{};      // globs
    std::optional<std::uint64_t> max_total_size{};  // bytes, of all images
    std::optional<double> only_below_free{};        // percent of the Engine's disk
};

/// Those that no container uses that will be left without `gone` (ids), by the last time that
/// anything is known of their use here; the time when an image was built is never looked at.
DockerPlan plan_images(const DockerFacts& facts,
                       const ImagePolicy& policy,
                       const std::vector<PlannedRemoval>& gone);

/// "registry:5000/app:1.2", "registry:5000/app@sha256:…" → "registry:5000/app".
std::string_view repository_of(std::string_view reference);

}  // namespace caretaker
