// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/restore_plan.hpp"

#include "common/output/json_writer.hpp"
#include "jobs/rotate/wildcard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace caretaker {

namespace {

using Groups = std::vector<std::optional<std::string_view>>;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The replacement of one match.
class Replacement {
 public:
    Replacement(std::string_view text, std::size_t groups) : text_(text), groups_(groups) {}

    /// Puts it behind `out`; false for one that Java refuses.
    bool append(const Groups& match, std::string& out) const {
        for (std::size_t at = 0; at < text_.size(); ++at) {
            if (text_[at] == '\\') {
                if (++at == text_.size()) {
                    return false;
                }
                out += text_[at];
            } else if (text_[at] != '$') {
                out += text_[at];
            } else if (!append_group(match, at, out)) {
                return false;
            }
        }
        return true;
    }

 private:
    /// Of `$1` at `at`, which then stands at its last digit. As many digits are taken as name a
    /// group that there is.
    bool append_group(const Groups& match, std::size_t& at, std::string& out) const {
        if (at + 1 == text_.size() || !is_digit(text_[at + 1])) {
            return false;
        }
        std::size_t group = static_cast<std::size_t>(text_[++at] - '0');
        if (group > groups_) {
            return false;
        }
        while (at + 1 < text_.size() && is_digit(text_[at + 1])) {
            const std::size_t longer = group * 10 + static_cast<std::size_t>(text_[at + 1] - '0');
            if (longer > groups_) {
                break;
            }
            group = longer;
            ++at;
        }
        out += match[group].value_or("");
        return true;
    }

    std::string_view text_;
    std::size_t groups_;
};

/// The byte behind the letter that begins at `at`.
std::size_t behind_letter(std::string_view text, std::size_t at) {
    constexpr unsigned char continuation_mask = 0xC0;
    constexpr unsigned char continuation = 0x80;
    do {
        ++at;
    } while (at < text.size() &&
             (static_cast<unsigned char>(text[at]) & continuation_mask) == continuation);
    return at;
}

bool is_wanted(std::string_view name, std::span<const std::string> terms) {
    bool wanted = terms.empty();
    for (const std::string& term : terms) {
        if (term.starts_with('-')) {
            wanted = wanted && !matches_wildcard(term.substr(1), name);
        } else {
            wanted = wanted || term == "_all" || matches_wildcard(term, name);
        }
    }
    return wanted;
}

std::vector<std::string> wanted_indices(std::span<const std::string> in_snapshot,
                                        const CheckedOptions& options) {
    const std::vector<std::string> terms = options.texts("indices");
    std::vector<std::string> wanted;
    for (const std::string& name : in_snapshot) {
        if (is_wanted(name, terms)) {
            wanted.push_back(name);
        }
    }
    return wanted;
}

bool renames(const CheckedOptions& options) {
    return !options.text("rename_pattern").empty() && !options.text("rename_replacement").empty();
}

}  // namespace

std::string replace_all(const Regex& pattern,
                        std::string_view replacement,
                        std::string_view text,
                        std::string& problem) {
    const Replacement made(replacement, pattern.group_count());
    std::string out;
    std::size_t copied = 0;
    std::size_t from = 0;
    while (from <= text.size()) {
        const Groups match = pattern.find(text, from);
        if (match.empty() || !match.front()) {
            break;
        }
        const auto begin = static_cast<std::size_t>(match.front()->data() - text.data());
        const std::size_t end = begin + match.front()->size();
        out += text.substr(copied, begin - copied);
        if (!made.append(match, out)) {
            problem = fmt::format(
                "'{}' is no replacement: groups are $1 to ${}", replacement, pattern.group_count());
            return {};
        }
        copied = end;
        from = end > begin ? end : (end == text.size() ? end + 1 : behind_letter(text, end));
    }
    out += text.substr(copied);
    return out;
}

RestoreList list_restored(std::span<const std::string> in_snapshot, const CheckedOptions& options) {
    RestoreList list;
    std::optional<Regex> pattern;
    if (renames(options)) {
        RegexResult compiled = Regex::compile(options.text("rename_pattern"));
        if (!compiled.regex) {
            return {.problem =
                        fmt::format("rename_pattern is no regular expression: {}", compiled.error)};
        }
        pattern = std::move(compiled.regex);
    }
    for (std::string& source : wanted_indices(in_snapshot, options)) {
        std::string name = source;
        if (pattern) {
            std::string problem;
            name = replace_all(*pattern, options.text("rename_replacement"), source, problem);
            if (!problem.empty()) {
                return {.problem = "rename_replacement: " + problem};
            }
        }
        list.indices.push_back({std::move(source), std::move(name)});
    }
    std::vector<std::string_view> names;
    for (const RestoredIndex& index : list.indices) {
        names.emplace_back(index.name);
    }
    std::ranges::sort(names);
    if (const auto twice = std::ranges::adjacent_find(names); twice != names.end()) {
        return {.problem = fmt::format("two indices would both be called {}", *twice)};
    }
    return list;
}

std::string restore_body(const CheckedOptions& options, std::span<const std::string> in_snapshot) {
    std::vector<std::string> indices = options.texts("indices");
    if (indices.empty()) {
        indices.assign(in_snapshot.begin(), in_snapshot.end());
    }
    JsonWriter json;
    json.begin_object();
    json.member("indices", fmt::format("{}", fmt::join(indices, ",")));
    for (const char* flag :
         {"ignore_unavailable", "include_aliases", "include_global_state", "partial"}) {
        json.member(flag, options.flag(flag));
    }
    if (renames(options)) {
        json.member("rename_pattern", options.text("rename_pattern"));
        json.member("rename_replacement", options.text("rename_replacement"));
    }
    json.end_object();
    std::string body(json.text());
    const CuratorValue* extra = options.find("extra_settings");
    if (extra != nullptr && !extra->keys.empty()) {
        // Curator 5 put the map beside the others, 8 puts it below index_settings.
        const bool is_whole = extra->find("index_settings") != nullptr ||
                              extra->find("ignore_index_settings") != nullptr;
        const std::string more = to_json(*extra);
        body.pop_back();
        body += is_whole ? "," + more.substr(1) : fmt::format(R"(,"index_settings":{}}})", more);
    }
    return body;
}

}  // namespace caretaker
