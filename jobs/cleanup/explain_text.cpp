// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/explain_text.hpp"

#include "jobs/cleanup/age_text.hpp"
#include "jobs/cleanup/files_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

std::string name_pattern(std::span<const PathPattern> patterns,
                         std::string_view path,
                         LeftOut reason,
                         std::string_view verb,
                         std::string_view key) {
    const auto found = std::ranges::find_if(
        patterns, [&](const PathPattern& pattern) { return pattern.matches(path); });
    return found == patterns.end() ? std::string(to_string(reason))
                                   : fmt::format("{} by '{}' of {}", verb, found->text(), key);
}

}  // namespace

std::string describe_left_out(LeftOut reason,
                              const FileRule& rule,
                              std::span<const PathPattern> protect,
                              std::string_view path,
                              std::string_view root) {
    if (reason == LeftOut::guarded && path.starts_with('/')) {
        return name_pattern(protect, path.substr(1), reason, "protected", "cleanup.protect");
    }
    if (reason == LeftOut::excluded && path.size() > root.size() + 1) {
        return name_pattern(
            rule.exclude, path.substr(root.size() + 1), reason, "excluded", "exclude");
    }
    return std::string(to_string(reason));
}

std::string describe_staying_directory(const FileRule& rule,
                                       const TreeDirectory& directory,
                                       std::int64_t now) {
    if (directory.parent == TreeDirectory::none) {
        return "a root, which never goes";
    }
    if (!rule.remove_empty_dirs) {
        return "a directory, and the rule has no remove_empty_dirs";
    }
    if (!directory.may_go) {
        return "kept by keep_dirs, or an earlier rule takes it";
    }
    const auto age = rule.older_than.value_or(rule.min_age);
    if (directory.mtime >= limit_of_age(now, age)) {
        return fmt::format("a directory that is young: under {}", format_age(age));
    }
    return directory.read_to_end ? "a directory in which something stays"
                                 : "a directory that could not be read to its end";
}

}  // namespace caretaker
