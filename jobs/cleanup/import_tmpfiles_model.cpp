// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/import_tmpfiles_model.hpp"

#include "common/text/shell_words.hpp"
#include "jobs/cleanup/path_text.hpp"
#include "jobs/cleanup/root_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// "/var/lib/app-*/tmp" → "var-lib-app-tmp"; with a number where that name is taken.
std::string name_of(std::string_view path, const std::vector<ImportedRule>& rules) {
    constexpr std::size_t longest = 48;
    std::string name;
    for (const char c : path) {
        const bool kept =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (kept) {
            name += c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    name.resize(std::min(name.size(), longest));
    while (name.ends_with('-')) {
        name.pop_back();
    }
    if (name.empty() || name == "all") {
        name = "rule";
    }
    const auto is_taken = [&](const std::string& wanted) {
        return std::ranges::find(rules, wanted, &ImportedRule::name) != rules.end();
    };
    std::string unique = name;
    for (int number = 2; is_taken(unique); ++number) {
        unique = fmt::format("{}-{}", name, number);
    }
    return unique;
}

/// A time span of systemd: units us ms s m min h d w, several together, a bare number is seconds.
std::optional<std::chrono::milliseconds> parse_span(std::string_view text) {
    using std::chrono::microseconds;
    static constexpr std::array<std::pair<std::string_view, std::int64_t>, 19> units{
        {{"us", 1},
         {"usec", 1},
         {"ms", 1'000},
         {"msec", 1'000},
         {"s", 1'000'000},
         {"sec", 1'000'000},
         {"", 1'000'000},
         {"m", 60'000'000},
         {"min", 60'000'000},
         {"minutes", 60'000'000},
         {"h", 3'600'000'000},
         {"hr", 3'600'000'000},
         {"hours", 3'600'000'000},
         {"d", 86'400'000'000},
         {"day", 86'400'000'000},
         {"days", 86'400'000'000},
         {"w", 604'800'000'000},
         {"week", 604'800'000'000},
         {"weeks", 604'800'000'000}}};
    constexpr std::int64_t most = std::int64_t{1} << 30U;
    std::int64_t total = 0;
    while (!text.empty()) {
        std::int64_t number = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failure != std::errc{} || number < 0 || number > most) {
            return std::nullopt;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const std::size_t length = std::min(text.find_first_of("0123456789"), text.size());
        const auto* const unit = std::ranges::find(
            units, text.substr(0, length), [](const auto& one) { return one.first; });
        std::int64_t part = 0;
        if (unit == units.end() || __builtin_mul_overflow(number, unit->second, &part) ||
            __builtin_add_overflow(total, part, &total)) {
            return std::nullopt;
        }
        text.remove_prefix(length);
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(microseconds(total));
}

class TmpfilesImport {
 public:
    ImportedRules read(std::string_view text) {
        for (number_ = 1; !text.empty(); ++number_) {
            const std::string_view line = take_line(text);
            if (!line.empty() && line.front() != '#' && line.front() != ';') {
                read_line(std::string(line));
            }
        }
        place_kept_directories();
        if (!result_.rules.empty()) {
            result_.remarks.emplace_back(
                "tmpfiles keeps what was read or made lately, too; age_by: newest looks at the "
                "later one of mtime and ctime alone.");
        }
        return std::move(result_);
    }

 private:
    void remark(std::string_view what) {
        result_.remarks.push_back(fmt::format("Line {}: {}.", number_, what));
    }

    void read_line(const std::string& line) {
        const auto words = split_shell_words(line);
        if (!words || words->size() < 2) {
            remark("is no line of tmpfiles.d");
            return;
        }
        const std::string& type = words->front();
        std::string path = (*words)[1];
        while (path.size() > 1 && path.ends_with('/')) {
            path.pop_back();
        }
        const std::string age = words->size() > 5 ? (*words)[5] : "-";
        if (path.find('%') != std::string::npos) {
            remark(fmt::format("{} holds a specifier, which is not known here", path));
        } else if (!path.starts_with('/')) {
            remark(fmt::format("{} is not absolute", path));
        } else if (type.find_first_of("!") != std::string::npos) {
            remark(fmt::format("{} {} holds at boot alone and has no counterpart", type, path));
        } else {
            read_entry(type.front(), path, age);
        }
    }

    void read_entry(char type, const std::string& path, const std::string& age) {
        switch (type) {
            case 'x':
                result_.protect.push_back(path);
                return;
            case 'X':
                kept_.emplace_back(number_, path);
                return;
            case 'r':
            case 'R':
                remark(fmt::format(
                    "{} {} deletes without regard to age and has no counterpart", type, path));
                return;
            case 'd':
            case 'D':
            case 'e':
            case 'v':
            case 'q':
            case 'Q':
            case 'C':
                if (!age.empty() && age != "-") {
                    add_rule(path, age);
                }
                return;
            default:  // makes something
                return;
        }
    }

    void add_rule(const std::string& path, std::string_view age) {
        ImportedRule rule{.name = name_of(path, result_.rules),
                          .roots = {path},
                          .age_by = "newest",
                          .types = {"file", "symlink", "fifo", "socket"}};
        if (age.starts_with('~')) {
            rule.min_depth = 2;
            age.remove_prefix(1);
        }
        if (const std::size_t colon = age.find(':'); colon != std::string_view::npos) {
            const std::string_view by = age.substr(0, colon);
            if (by.find('m') != std::string_view::npos && by.find('c') == std::string_view::npos) {
                rule.age_by = "mtime";
            }
            age.remove_prefix(colon + 1);
        }
        const auto span = parse_span(age);
        if (!span) {
            remark(fmt::format("'{}' is no age", age));
            return;
        }
        if (const auto why = why_root_refused(path, false, {})) {
            remark(fmt::format("{} {}", path, *why));
            return;
        }
        rule.older_than = limit_of(*span);
        result_.rules.push_back(std::move(rule));
    }

    /// A directory that is kept belongs to the rules above it.
    void place_kept_directories() {
        for (const auto& [number, path] : kept_) {
            bool placed = false;
            for (ImportedRule& rule : result_.rules) {
                const std::string& root = rule.roots.front();
                if (path != root && is_within(path, root)) {
                    rule.keep_dirs.push_back(path.substr(root.size()));
                    placed = true;
                }
            }
            if (!placed) {
                result_.remarks.push_back(fmt::format(
                    "Line {}: {} lies below no rule; set keep_dirs where it does.", number, path));
            }
        }
    }

    ImportedRules result_{};
    std::vector<std::pair<int, std::string>> kept_{};
    int number_ = 0;
};

}  // namespace

ImportedRules import_tmpfiles(std::string_view text) {
    return TmpfilesImport().read(text);
}

}  // namespace caretaker
