// SPDX-License-Identifier: Apache-2.0
// Wildcards over paths, on bytes.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct PathPatternResult;

/// `*` stands for any bytes but `/`, `?` for one of them, `[a-z]` and `[!x]` for one of a set or
/// not of it, `**` for any bytes, `**/` at the front of a component for any number of whole ones,
/// none included, and `{a,b}` for one or the other; a backslash takes the meaning from the next
/// byte. A leading dot is nothing special, case matters.
class PathPattern {
 public:
    static PathPatternResult parse(std::string_view text);

    /// A pattern without a slash is about the last component of `path`; one with a slash is about
    /// the whole of it. `path` has neither a leading nor a trailing slash. Takes time in proportion
    /// to pattern times path at most, and no memory.
    [[nodiscard]] bool matches(std::string_view path) const;

    /// Whether the last component alone decides.
    [[nodiscard]] bool is_about_name() const { return !has_slash_; }

    /// As it was written.
    [[nodiscard]] const std::string& text() const { return text_; }

 private:
    enum class Kind : std::uint8_t { byte, any_byte, set, star, any, components };

    struct Element {
        Kind kind = Kind::byte;
        char byte = 0;
        std::uint32_t set = 0;  // index in sets_
    };

    using Elements = std::vector<Element>;

    class Parser;
    class Matcher;

    std::string text_{};
    bool has_slash_ = false;
    std::vector<Elements> alternatives_{};
    std::vector<std::bitset<256>> sets_{};
};

/// What parsing gave: a pattern, or why not.
struct PathPatternResult {
    std::optional<PathPattern> pattern{};
    std::string error{};  // "'[' is never closed": without the pattern itself
};

}  // namespace caretaker
