// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_rule_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/config_problem.hpp"
#include "common/config/settings.hpp"
#include "jobs/cleanup/path_text.hpp"
#include "jobs/cleanup/percent.hpp"
#include "jobs/cleanup/root_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view files_section = "cleanup.files.";

template <typename Value, std::size_t size>
using Words = std::array<std::pair<std::string_view, Value>, size>;

constexpr Words<AgeBy, 5> age_words{{{"mtime", AgeBy::mtime},
                                     {"atime", AgeBy::atime},
                                     {"ctime", AgeBy::ctime},
                                     {"birth", AgeBy::birth},
                                     {"newest", AgeBy::newest}}};

constexpr Words<GroupBy, 3> group_words{
    {{"dir", GroupBy::dir}, {"root", GroupBy::root}, {"rule", GroupBy::rule}}};

constexpr Words<OpenFiles, 3> use_words{
    {{"skip", OpenFiles::skip}, {"truncate", OpenFiles::truncate}, {"ignore", OpenFiles::ignore}}};

constexpr Words<EntryType, 4> type_words{{{"file", EntryType::file},
                                          {"symlink", EntryType::symlink},
                                          {"fifo", EntryType::fifo},
                                          {"socket", EntryType::socket}}};

template <typename Table>
auto find_word(const Table& table, std::string_view word) {
    const auto found =
        std::ranges::find_if(table, [&](const auto& entry) { return entry.first == word; });
    return found == table.end() ? std::nullopt : std::optional(found->second);
}

std::string pattern_problem(std::string_view text) {
    const PathPatternResult parsed = PathPattern::parse(text);
    return parsed.pattern ? std::string()
                          : fmt::format("'{}' is no pattern: {}", text, parsed.error);
}

std::string protect_problem(std::string_view text) {
    if (std::string problem = pattern_problem(text); !problem.empty()) {
        return problem;
    }
    if (!text.starts_with('/')) {
        return fmt::format("'{}' is not absolute", text);
    }
    const auto why = why_not_plain(text);
    return why ? fmt::format("'{}' {}", text, *why) : std::string();
}

/// What is wrong with the wildcards of a root.
std::string root_problem(std::string_view root) {
    if (std::string problem = pattern_problem(root); !problem.empty()) {
        return problem;
    }
    if (root.find("**") != std::string_view::npos) {
        return fmt::format("'{}' holds '**'; a root's wildcards stand for one directory each",
                           root);
    }
    return root.find_first_of("{}") == std::string_view::npos
               ? std::string()
               : fmt::format("'{}' holds braces; list the roots", root);
}

/// What is wrong with a root wherever the store is, and whatever its rule allows.
std::string plain_root_problem(std::string_view root) {
    const auto why = why_root_refused(root, true, {});
    return why ? fmt::format("'{}' {}", root, *why) : root_problem(root);
}

constexpr std::string_view protect_key = "cleanup.protect";

class RuleReader {
 public:
    explicit RuleReader(const Settings& settings)
        : settings_(settings), store_directory_(directory_of(settings.text("store.path"))) {}

    FileRules read() {
        FileRules result;
        result.protect = patterns(std::string(protect_key), protect_problem);
        result.pace = {
            .workers_max = static_cast<std::size_t>(settings_.integer("cleanup.workers_max")),
            .nice = static_cast<int>(settings_.integer("cleanup.nice")),
            .rate_files = static_cast<std::size_t>(settings_.integer("cleanup.rate_files")),
            .rate_bytes = settings_.bytes("cleanup.rate_bytes")};
        for (const std::string& name : rule_names()) {
            result.rules.push_back(read_rule(name));
        }
        if (!problems_.empty()) {
            throw UsageError(format_problems(problems_));
        }
        return result;
    }

 private:
    [[nodiscard]] std::set<std::string> rule_names() const {
        std::set<std::string> names;
        for (const Setting* setting : settings_.all()) {
            std::string_view path = setting->path;
            if (path.starts_with(files_section)) {
                path.remove_prefix(files_section.size());
                names.emplace(path.substr(0, path.find('.')));
            }
        }
        return names;
    }

    void add_problem(std::string_view path, const std::string& message) {
        const Setting* setting = settings_.find(path);
        const bool set = setting != nullptr && setting->origin != "default";
        problems_.push_back({.file = set ? setting->origin : std::string(path),
                             .message = set ? fmt::format("'{}': {}", path, message) : message});
    }

    std::vector<PathPattern> patterns(
        const std::string& path, std::string (*find_problem)(std::string_view) = pattern_problem) {
        std::vector<PathPattern> result;
        for (const std::string& text : settings_.texts(path)) {
            if (const std::string problem = find_problem(text); problem.empty()) {
                result.push_back(*PathPattern::parse(text).pattern);
            } else {
                add_problem(path, problem);
            }
        }
        return result;
    }

    FileRule read_rule(const std::string& name) {
        const auto key = [&](std::string_view word) {
            return fmt::format("{}{}.{}", files_section, name, word);
        };
        FileRule rule{.name = name,
                      .roots = read_roots(key("roots"), settings_.flag(key("allow_root"))),
                      .match = patterns(key("match")),
                      .exclude = patterns(key("exclude")),
                      .types = read_types(key("types")),
                      .age_by = *find_word(age_words, settings_.text(key("age_by"))),
                      .min_size = settings_.bytes(key("min_size")),
                      .min_depth = static_cast<int>(settings_.integer(key("min_depth"))),
                      .max_depth = static_cast<int>(settings_.integer(key("max_depth"))),
                      .keep_newest = settings_.integer(key("keep_newest")),
                      .group_by = *find_word(group_words, settings_.text(key("group_by"))),
                      .min_age = settings_.duration(key("min_age")),
                      .open_files = *find_word(use_words, settings_.text(key("open_files"))),
                      .truncate_over = settings_.bytes(key("truncate_over")),
                      .remove_empty_dirs = settings_.flag(key("remove_empty_dirs")),
                      .keep_dirs = patterns(key("keep_dirs")),
                      .takes_trees = settings_.text(key("unit")) == "tree",
                      .needs_roots = settings_.text(key("missing_root")) == "error",
                      .allow_root = settings_.flag(key("allow_root")),
                      .allow_fs = settings_.texts(key("allow_fs")),
                      .max_entries = settings_.integer(key("max_entries"))};
        if (const auto age = settings_.duration(key("older_than")); age.count() > 0) {
            rule.older_than = age;
        }
        if (const auto size = settings_.bytes(key("max_size")); size > 0) {
            rule.max_size = size;
        }
        if (const auto size = settings_.bytes(key("max_total_size")); size > 0) {
            rule.max_total_size = size;
        }
        rule.free_space = read_free_space(key("free_space.low"), key("free_space.high"));
        rule.free_inodes = read_free_space(key("free_inodes.low"), key("free_inodes.high"));
        check(rule, key);
        return rule;
    }

    std::optional<FreeSpaceLimits> read_free_space(const std::string& low,
                                                   const std::string& high) {
        const std::string low_text = settings_.text(low);
        const std::string high_text = settings_.text(high);
        if (low_text.empty() && high_text.empty()) {
            return std::nullopt;
        }
        const auto from = parse_percent(low_text);
        const auto to = parse_percent(high_text);
        for (const auto& [value, path, text] :
             {std::tuple(from, low, low_text), std::tuple(to, high, high_text)}) {
            if (!value) {
                add_problem(path,
                            text.empty()
                                ? "is missing; low and high belong together"
                                : fmt::format("'{}' is no share; write it like 10%", text));
            }
        }
        if (!from || !to) {
            return std::nullopt;
        }
        if (*from >= *to) {
            add_problem(high, "is not larger than low");
        }
        return FreeSpaceLimits{.low = *from, .high = *to};
    }

    std::vector<std::string> read_roots(const std::string& path, bool allow_root) {
        std::vector<std::string> roots = settings_.texts(path);
        if (roots.empty()) {
            add_problem(path, "is missing; a rule needs the directories to clean");
        }
        for (const std::string& root : roots) {
            if (const auto why = why_root_refused(root, allow_root, store_directory_)) {
                add_problem(path, fmt::format("'{}' {}", root, *why));
            } else if (const std::string problem = root_problem(root); !problem.empty()) {
                add_problem(path, problem);
            }
        }
        return roots;
    }

    std::vector<EntryType> read_types(const std::string& path) {
        std::vector<EntryType> types;
        for (const std::string& word : settings_.texts(path)) {
            if (const auto type = find_word(type_words, word)) {
                types.push_back(*type);
            } else {
                add_problem(
                    path, fmt::format("'{}' is no type; one of file, symlink, fifo, socket", word));
            }
        }
        return types;
    }

    template <typename Key>
    void check(const FileRule& rule, const Key& key) {
        if (!rule.older_than && !rule.compares_entries()) {
            add_problem(key("roots"),
                        fmt::format("the rule '{}' limits nothing; add older_than, keep_newest, "
                                    "max_total_size, free_space or free_inodes",
                                    rule.name));
        }
        if (rule.takes_trees && rule.remove_empty_dirs) {
            add_problem(key("remove_empty_dirs"), "has no meaning together with unit: tree");
        }
        if (rule.takes_trees && rule.open_files == OpenFiles::truncate) {
            add_problem(key("open_files"), "truncate has no meaning together with unit: tree");
        }
        if (rule.min_depth > rule.max_depth) {
            add_problem(key("min_depth"), "is larger than max_depth");
        }
        if (rule.max_size && *rule.max_size < rule.min_size) {
            add_problem(key("max_size"), "is smaller than min_size");
        }
        for (const std::string& name : rule.allow_fs) {
            if (!is_allowable_file_system(name)) {
                add_problem(key("allow_fs"),
                            fmt::format("'{}' is no file system that is refused; one of afs, "
                                        "ceph, cifs, coda, fuse, nfs, 9p",
                                        name));
            }
        }
    }

    const Settings& settings_;
    std::string store_directory_;
    std::vector<ConfigProblem> problems_{};
};

}  // namespace

FileRules load_file_rules(const Settings& settings) {
    return RuleReader(settings).read();
}

std::vector<ValueRule> cleanup_value_rules() {
    const auto rule = [](std::string key, std::string (*find_problem)(std::string_view)) {
        return ValueRule{.key = std::move(key),
                         .problem = [find_problem](auto text, auto) { return find_problem(text); }};
    };
    const auto of_rule = [](std::string_view name) {
        return fmt::format("{}*.{}", files_section, name);
    };
    return {rule(std::string(protect_key), protect_problem),
            rule(of_rule("roots"), plain_root_problem),
            rule(of_rule("match"), pattern_problem),
            rule(of_rule("exclude"), pattern_problem)};
}

}  // namespace caretaker
