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
#include <cstddef>
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

/// Escapes as systemd writes them, `\x20` or `\040`, as ones of a shell, which stand for the byte
/// that follows.
std::string keep_escapes(std::string_view line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool hex = line.substr(i).starts_with("\\x");
        const std::size_t digits = i + (hex ? 2 : 1);
        const std::string_view number = line.substr(std::min(digits, line.size()), hex ? 2 : 3);
        unsigned value = 0;
        const auto [end, failure] =
            std::from_chars(number.data(), number.data() + number.size(), value, hex ? 16 : 8);
        const bool whole = number.size() == (hex ? 2U : 3U) &&
                           end == number.data() + number.size() && failure == std::errc{};
        if (line[i] == '\\' && whole && value > 0 && value < 256) {
            out += '\\';
            out += static_cast<char>(value);
            i = digits + number.size() - 1;
        } else {
            out += line[i];
            if (line[i] == '\\' && i + 1 < line.size()) {
                out += line[++i];
            }
        }
    }
    return out;
}

/// "/a/{x,y}/b" → "/a/x/b", "/a/y/b"; a path with a brace alone as it is.
std::vector<std::string> expand_braces(const std::string& path) {
    constexpr std::size_t most = 256;
    std::vector<std::string> done;
    std::vector<std::string> open{path};
    while (!open.empty() && done.size() + open.size() <= most) {
        const std::string one = std::move(open.back());
        open.pop_back();
        const std::size_t close = one.find('}');
        const std::size_t begin = close == std::string::npos ? close : one.rfind('{', close);
        if (begin == std::string::npos) {
            done.push_back(one);
            continue;
        }
        for (std::size_t at = begin + 1; at <= close;) {
            const std::size_t end = std::min(one.find(',', at), close);
            open.push_back(one.substr(0, begin) + one.substr(at, end - at) + one.substr(close + 1));
            at = end + 1;
        }
    }
    std::ranges::sort(done);
    return done;
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
        leave_out_nested_paths();
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
        const auto words = split_shell_words(keep_escapes(line));
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
            own_paths_.push_back(path);
            remark(fmt::format("{} {} holds at boot alone and has no counterpart", type, path));
        } else {
            read_entry(type.front(), path, age);
        }
    }

    void read_entry(char type, const std::string& path, const std::string& age) {
        if (type != 'x' && type != 'X') {
            own_paths_.push_back(path);
        }
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
                          .age_by = "newest",
                          .types = {"file", "symlink", "fifo", "socket"}};
        if (age.starts_with('~')) {
            rule.min_depth = 2;
            age.remove_prefix(1);
        }
        if (const std::size_t colon = age.find(':'); colon != std::string_view::npos) {
            set_age_by(age.substr(0, colon), path, rule);
            age.remove_prefix(colon + 1);
        }
        const auto span = parse_span(age);
        if (!span) {
            remark(fmt::format("'{}' is no age", age));
            return;
        }
        for (std::string& root : expand_braces(path)) {
            if (const auto why = why_root_refused(root, false, {})) {
                remark(fmt::format("{} {}", root, *why));
            } else {
                rule.roots.push_back(std::move(root));
            }
        }
        if (rule.roots.empty()) {
            return;
        }
        rule.older_than = limit_of(*span);
        result_.rules.push_back(std::move(rule));
    }

    /// Of the times that it names, all of which have to be old there. The capitals are about
    /// directories, of which a rule looks at the time of change of what is in them.
    void set_age_by(std::string_view letters, const std::string& path, ImportedRule& rule) {
        const auto names = [&](char letter) {
            return letters.find(letter) != std::string_view::npos;
        };
        const int named = int(names('a')) + int(names('b')) + int(names('c')) + int(names('m'));
        if (named == 1) {
            rule.age_by = names('a')   ? "atime"
                          : names('b') ? "birth"
                          : names('c') ? "ctime"
                                       : "mtime";
        } else if (names('a') || names('b')) {
            remark(fmt::format(
                "{} goes by several times ({}); age_by: newest looks at mtime and ctime alone",
                path,
                letters));
        }
    }

    /// What has a line of its own is cleaned by that alone, or not at all.
    void leave_out_nested_paths() {
        for (ImportedRule& rule : result_.rules) {
            for (const std::string& root : rule.roots) {
                for (const std::string& own : own_paths_) {
                    if (own == root || !is_within(own, root)) {
                        continue;
                    }
                    std::string relative = own.substr(root.size());
                    if (std::ranges::find(rule.exclude, relative) == rule.exclude.end()) {
                        rule.exclude.push_back(std::move(relative));
                    }
                }
            }
        }
    }

    /// A directory that is kept belongs to the rules above it.
    void place_kept_directories() {
        for (const auto& [number, path] : kept_) {
            bool placed = false;
            for (ImportedRule& rule : result_.rules) {
                for (const std::string& root : rule.roots) {
                    if (path != root && is_within(path, root)) {
                        rule.keep_dirs.push_back(path.substr(root.size()));
                        placed = true;
                    }
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
    std::vector<std::string> own_paths_{};  // of lines that make or clean something
    int number_ = 0;
};

}  // namespace

ImportedRules import_tmpfiles(std::string_view text) {
    return TmpfilesImport().read(text);
}

}  // namespace caretaker
