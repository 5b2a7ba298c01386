// SPDX-License-Identifier: Apache-2.0
#include "common/text/glob.hpp"

#include <cstddef>
#include <optional>

namespace caretaker {

namespace {

unsigned char byte(char c) {
    return static_cast<unsigned char>(c);
}

class Matcher {
 public:
    Matcher(std::string_view pattern, std::string_view text) : pattern_(pattern), text_(text) {}

    bool run() {
        std::size_t at = 0;
        std::size_t in = 0;
        std::size_t star = none;   // behind the last star seen
        std::size_t retry = none;  // where the text behind that star was last assumed to begin
        while (in < text_.size()) {
            if (at < pattern_.size() && pattern_[at] == '*') {
                star = ++at;
                retry = in;
            } else if (const auto next = step(at, text_[in])) {
                at = *next;
                ++in;
            } else if (star != none) {
                // Only the last star ever needs to give way: what an earlier one could reach, it
                // can too.
                at = star;
                in = ++retry;
            } else {
                return false;
            }
        }
        while (at < pattern_.size() && pattern_[at] == '*') {
            ++at;
        }
        return at == pattern_.size();
    }

 private:
    static constexpr std::size_t none = std::string_view::npos;

    /// Where the pattern goes on when its element at `at` takes `c`.
    std::optional<std::size_t> step(std::size_t at, char c) {
        if (at >= pattern_.size()) {
            return std::nullopt;
        }
        switch (pattern_[at]) {
            case '?':
                return at + 1;
            case '[':
                if (at < unclosed_from_) {
                    return step_set(at, c);
                }
                break;
            case '\\':
                if (at + 1 < pattern_.size()) {
                    ++at;
                }
                break;
            default:
                break;
        }
        return pattern_[at] == c ? std::optional(at + 1) : std::nullopt;
    }

    std::optional<std::size_t> step_set(std::size_t open, char c) {
        std::size_t at = open + 1;
        const bool negated = at < pattern_.size() && (pattern_[at] == '!' || pattern_[at] == '^');
        if (negated) {
            ++at;
        }
        bool found = false;
        for (bool first = true; at < pattern_.size() && (first || pattern_[at] != ']');
             first = false) {
            const char low = member(at);
            char high = low;
            if (at + 1 < pattern_.size() && pattern_[at] == '-' && pattern_[at + 1] != ']') {
                ++at;
                high = member(at);
            }
            found = found || (byte(low) <= byte(c) && byte(c) <= byte(high));
        }
        if (at >= pattern_.size()) {
            // Every later '[' lacks its end too, so none is looked for again.
            unclosed_from_ = open;
            return step(open, c);
        }
        return found != negated ? std::optional(at + 1) : std::nullopt;
    }

    /// Reads one byte of a set, escaped or not, and moves behind it.
    char member(std::size_t& at) const {
        if (pattern_[at] == '\\' && at + 1 < pattern_.size()) {
            ++at;
        }
        return pattern_[at++];
    }

    std::string_view pattern_;
    std::string_view text_;
    std::size_t unclosed_from_ = none;
};

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) {
    return Matcher(pattern, text).run();
}

}  // namespace caretaker
