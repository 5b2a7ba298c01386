// SPDX-License-Identifier: Apache-2.0
#include "common/json/json_place.hpp"

#include "common/json/json_path.hpp"

#include <algorithm>

namespace caretaker {

namespace {

std::vector<std::string> split_pattern(std::string_view pattern) {
    std::vector<std::string> segments;
    while (pattern.size() > 1) {
        pattern.remove_prefix(1);  // the slash
        const std::size_t end = std::min(pattern.find('/'), pattern.size());
        segments.emplace_back(pattern.substr(0, end));
        pattern.remove_prefix(end);
    }
    return segments;
}

}  // namespace

JsonPlace::JsonPlace(std::span<const std::string_view> patterns) {
    for (const std::string_view pattern : patterns) {
        patterns_.push_back(split_pattern(pattern));
    }
}

void JsonPlace::name(std::string_view name) {
    levels_.back().name = name;
}

void JsonPlace::begin_value() {
    if (!levels_.empty()) {
        ++levels_.back().count;
    }
}

void JsonPlace::enter(bool is_array) {
    Level level{.is_array = is_array};
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
        if (patterns_[i].size() > levels_.size() && fits(i, levels_.size())) {
            level.fitting.push_back(i);
        }
    }
    levels_.push_back(std::move(level));
}

void JsonPlace::leave() {
    levels_.pop_back();
}

std::optional<std::size_t> JsonPlace::matching_pattern() const {
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
        if (patterns_[i].size() == levels_.size() && fits(i, levels_.size())) {
            return i;
        }
    }
    return std::nullopt;
}

/// Whether the first `depth` segments of the pattern lead to the value that has begun; those
/// before the last one are known from the level around it.
bool JsonPlace::fits(std::size_t pattern, std::size_t depth) const {
    if (depth == 0) {
        return true;
    }
    const Level& level = levels_.back();
    const std::string& segment = patterns_[pattern][depth - 1];
    return std::ranges::find(level.fitting, pattern) != level.fitting.end() &&
           (segment == "*" || segment == (level.is_array ? "[]" : level.name));
}

std::string JsonPlace::path() const {
    std::string path = "$";
    for (const Level& level : levels_) {
        if (level.is_array) {
            append_json_index(path, level.count - 1);
        } else {
            append_json_name(path, level.name);
        }
    }
    return path;
}

std::string_view JsonPlace::current_name() const {
    return levels_.empty() ? std::string_view{} : levels_.back().name;
}

}  // namespace caretaker
