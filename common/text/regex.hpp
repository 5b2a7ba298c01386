// SPDX-License-Identifier: Apache-2.0
// Regular expressions: PCRE2 with limits, so that neither a pattern nor a text can stall a run.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// A match was given up because it took too many steps or too much memory.
class RegexLimitError : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

struct RegexResult;

/// A compiled expression. Copies share the compiled form; safe to use from several threads at once.
class Regex {
 public:
    /// Perl's syntax on UTF-8; bytes of a text that are not UTF-8 match nothing. The pattern itself
    /// must be UTF-8 and at most 64 KiB long.
    static RegexResult compile(std::string_view pattern);

    /// Whether the expression matches anywhere in `text`. Throws RegexLimitError.
    [[nodiscard]] bool search(std::string_view text) const;

    /// The leftmost match that begins at byte `from` or behind it: the whole of it first, then each
    /// group, none where a group took no part. Empty when nothing matches. The views are parts of
    /// `text`, all of which look-behind and anchors see. Throws RegexLimitError.
    [[nodiscard]] std::vector<std::optional<std::string_view>> find(std::string_view text,
                                                                    std::size_t from = 0) const;

    /// How many groups the expression has.
    [[nodiscard]] std::size_t group_count() const;

    [[nodiscard]] const std::string& pattern() const;

 private:
    struct Compiled;  // keeps pcre2.h out of this header

    struct Match;  // the same for its match data

    explicit Regex(std::shared_ptr<const Compiled> compiled);
    [[nodiscard]] int run(std::string_view text, std::size_t from, const Match& match) const;

    std::shared_ptr<const Compiled> compiled_;
};

/// What compiling gave: a regex, or why not.
struct RegexResult {
    std::optional<Regex> regex{};
    std::string error{};     // the library's words; empty when there is a regex
    std::size_t offset = 0;  // byte of the pattern where the error was seen, from 0
};

/// The version of PCRE2 in use, e.g. "10.42 2022-12-11".
std::string regex_library_version();

}  // namespace caretaker
