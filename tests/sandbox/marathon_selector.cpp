// SPDX-License-Identifier: Apache-2.0
// Marathon's label selectors.
#include "tests/sandbox/marathon_api.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace caretaker::sandbox {

namespace {

using Labels = std::map<std::string, std::string, std::less<>>;

Labels read_labels(std::string_view json) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    Labels labels;
    if (document.IsObject()) {
        for (const auto& member : document.GetObject()) {
            if (member.value.IsString()) {
                labels[member.name.GetString()] = member.value.GetString();
            }
        }
    }
    return labels;
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
    return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::string unescape(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
        }
        plain += text[i];
    }
    return plain;
}

/// Pieces between separators that are neither escaped nor in brackets.
std::vector<std::string_view> split_terms(std::string_view text) {
    std::vector<std::string_view> terms;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '(' || text[i] == ')') {
            depth += text[i] == '(' ? 1 : -1;
        } else if (text[i] == ',' && depth == 0) {
            terms.push_back(trim(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    terms.push_back(trim(text.substr(begin)));
    return terms;
}

bool is_in_set(const std::string& value, std::string_view set) {
    set.remove_prefix(std::min(set.find('(') + 1, set.size()));
    set = set.substr(0, set.rfind(')'));
    const auto items = split_terms(set);
    return std::ranges::any_of(items,
                               [&](std::string_view item) { return unescape(item) == value; });
}

bool meets_term(const Labels& labels, std::string_view term) {
    const auto value_of = [&](std::string_view key) { return labels.find(unescape(trim(key))); };
    for (const std::string_view op : {"==", "!="}) {
        if (const std::size_t at = term.find(op); at != std::string_view::npos) {
            const auto found = value_of(term.substr(0, at));
            return found != labels.end() &&
                   (found->second == unescape(trim(term.substr(at + 2)))) == (op == "==");
        }
    }
    for (const std::string_view op : {" notin ", " in "}) {
        if (const std::size_t at = term.find(op); at != std::string_view::npos) {
            const auto found = value_of(term.substr(0, at));
            return found != labels.end() &&
                   is_in_set(found->second, term.substr(at + op.size())) == (op == " in ");
        }
    }
    return value_of(term) != labels.end();
}

}  // namespace

bool meets_selector(std::string_view labels, std::string_view selector) {
    const Labels read = read_labels(labels);
    return std::ranges::all_of(split_terms(selector),
                               [&](std::string_view term) { return meets_term(read, term); });
}

}  // namespace caretaker::sandbox
