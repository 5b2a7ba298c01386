// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_filters.hpp"

#include "common/text/glob.hpp"
#include "jobs/cleanup/age_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

bool fits_any(const std::vector<std::string>& globs, std::string_view text) {
    return std::ranges::any_of(globs,
                               [&](const std::string& glob) { return glob_match(glob, text); });
}

bool has_label(const std::vector<std::string>& globs, const DockerLabels& labels) {
    return std::ranges::any_of(labels, [&](const auto& label) {
        return fits_any(globs, label.first) ||
               fits_any(globs, fmt::format("{}={}", label.first, label.second));
    });
}

std::string old_words(std::chrono::milliseconds age, std::chrono::milliseconds limit) {
    return fmt::format("{} ago, limit {}", format_duration(age), format_age(limit));
}

DockerIds ids_of(const std::vector<PlannedRemoval>& removals, DockerKind kind) {
    DockerIds ids;
    for (const PlannedRemoval& removal : removals) {
        if (removal.kind == kind) {
            ids.insert(removal.id);
        }
    }
    return ids;
}

}  // namespace caretaker
