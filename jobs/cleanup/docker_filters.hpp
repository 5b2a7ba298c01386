// SPDX-License-Identifier: Apache-2.0
// What the plans of containers, images and volumes have in common. No IO.
#pragma once

#include "jobs/cleanup/docker_plan.hpp"

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

using DockerIds = std::set<std::string, std::less<>>;

bool fits_any(const std::vector<std::string>& globs, std::string_view text);

/// Whether one of the globs fits a label, as "key" or as "key=value".
bool has_label(const std::vector<std::string>& globs, const DockerLabels& labels);

/// "9 d ago, limit 7d".
std::string old_words(std::chrono::milliseconds age, std::chrono::milliseconds limit);

/// Of those removals that are of that kind.
DockerIds ids_of(const std::vector<PlannedRemoval>& removals, DockerKind kind);

}  // namespace caretaker
