// SPDX-License-Identifier: Apache-2.0
#include "common/text/name_pattern.hpp"

#include "common/text/glob.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

NamePattern::NamePattern(Kind kind, std::string_view text, std::optional<Regex> regex)
    : kind_(kind), text_(text), regex_(std::move(regex)) {}

NamePatternResult NamePattern::parse(std::string_view text) {
    if (text.empty()) {
        return {.error =
                    "a name pattern is empty; write a name, a glob such as logs-* or /a regex/"};
    }
    if (text.size() >= 2 && text.front() == '/' && text.back() == '/') {
        const std::string_view expression = text.substr(1, text.size() - 2);
        if (expression.empty()) {
            return {.error = "the regular expression '//' is empty; write * to match every name"};
        }
        RegexResult compiled = Regex::compile(expression);
        if (!compiled.regex) {
            return {.error = fmt::format("the regular expression '{}' is wrong at its byte {}: {}",
                                         text,
                                         compiled.offset + 1,
                                         compiled.error)};
        }
        return {.pattern = NamePattern(Kind::regex, text, std::move(compiled.regex))};
    }
    const bool is_glob = text.find_first_of("*?[") != std::string_view::npos;
    return {.pattern = NamePattern(is_glob ? Kind::glob : Kind::literal, text, std::nullopt)};
}

bool NamePattern::matches(std::string_view name) const {
    switch (kind_) {
        case Kind::literal:
            return name == text_;
        case Kind::glob:
            return glob_match(text_, name);
        case Kind::regex:
            break;
    }
    return regex_->search(name);
}

}  // namespace caretaker
