// SPDX-License-Identifier: Apache-2.0
// How flags and settings name groups, topics, indices and the like: a name, a glob or a regular
// expression.
#pragma once

#include "common/text/regex.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

struct NamePatternResult;

/// Text between two slashes ("/^logs-/") is a regular expression, searched for anywhere in a name
/// unless it is anchored. Other text with `*`, `?` or `[` is a glob over the whole name. All else
/// is the name itself, backslashes and slashes included ("/logs/statsd" is a name).
class NamePattern {
 public:
    static NamePatternResult parse(std::string_view text);

    /// Throws RegexLimitError for an expression that takes too many steps on this name.
    [[nodiscard]] bool matches(std::string_view name) const;

    /// Whether it names one thing exactly: text() is then that name.
    [[nodiscard]] bool is_literal() const { return kind_ == Kind::literal; }

    /// As it was written.
    [[nodiscard]] const std::string& text() const { return text_; }

 private:
    enum class Kind { literal, glob, regex };

    NamePattern(Kind kind, std::string_view text, std::optional<Regex> regex);

    Kind kind_;
    std::string text_;
    std::optional<Regex> regex_;
};

/// What parsing gave: a pattern, or why not.
struct NamePatternResult {
    std::optional<NamePattern> pattern{};
    std::string error{};  // one sentence; empty when there is a pattern
};

}  // namespace caretaker
