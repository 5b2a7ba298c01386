// SPDX-License-Identifier: Apache-2.0
#include "common/config/store_doubt.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::string_view path_key = "store.path";

/// What says which file is opened and how; the store's other keys are about runs.
constexpr std::array<std::string_view, 3> opening_keys{
    path_key, "store.journal", "store.max_bytes"};

/// The key that is doubtful because of `problem`; of a section, or a whole file, its path.
std::optional<std::string_view> doubtful_key(const ConfigProblem& problem) {
    const std::string_view about = problem.about;
    if (about.empty() || about == "store") {
        return path_key;
    }
    if (!about.starts_with("store.")) {
        return std::nullopt;
    }
    if (const auto* key = std::ranges::find(opening_keys, about); key != opening_keys.end()) {
        return *key;
    }
    return problem.stray ? std::optional(path_key) : std::nullopt;
}

}  // namespace

void StoreDoubt::take(const ParsedSettings& source) {
    for (const Setting& setting : source.settings) {
        doubtful_.erase(setting.path);
        is_named_ = is_named_ || setting.path == path_key;
    }
    for (const ConfigProblem& problem : source.problems) {
        if (const auto key = doubtful_key(problem)) {
            doubtful_.emplace(*key);
        } else {
            has_strays_ = has_strays_ || problem.stray;
        }
    }
}

bool StoreDoubt::any() const {
    return !doubtful_.empty() || (has_strays_ && !is_named_);
}

}  // namespace caretaker
