// SPDX-License-Identifier: Apache-2.0
#include "common/text/path_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t longest_pattern = 4096;
constexpr std::size_t most_alternatives = 256;

std::size_t byte_index(char c) {
    return static_cast<unsigned char>(c);
}

/// Where the brace that opens at `open` is closed, and its commas; nothing when it is not. Sets and
/// inner braces are passed over.
struct Brace {
    std::vector<std::size_t> bounds{};  // the opening brace, the commas, the closing brace
};

std::optional<Brace> find_brace(std::string_view text, std::size_t open) {
    Brace brace{.bounds = {open}};
    int depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '{') {
            ++depth;
        } else if (text[i] == ',' && depth == 1) {
            brace.bounds.push_back(i);
        } else if (text[i] == '}' && --depth == 0) {
            brace.bounds.push_back(i);
            return brace;
        }
    }
    return std::nullopt;
}

/// Where the set that opens at `open` ends (its `]`); npos when it does not.
std::size_t find_set_end(std::string_view text, std::size_t open) {
    std::size_t at = open + 1;
    if (at < text.size() && (text[at] == '!' || text[at] == '^')) {
        ++at;
    }
    for (bool first = true; at < text.size(); first = false, ++at) {
        if (text[at] == ']' && !first) {
            return at;
        }
        at += text[at] == '\\' ? 1 : 0;
    }
    return std::string_view::npos;
}

/// Each text that the braces of `text` stand for, appended to `out`; why not, or nothing.
std::string expand_braces(std::string_view text, std::vector<std::string>& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '[') {
            const std::size_t end = find_set_end(text, i);
            i = end == std::string_view::npos ? i : end;
        } else if (text[i] == '{') {
            const auto brace = find_brace(text, i);
            if (!brace) {
                return "'{' is never closed";
            }
            const auto& bounds = brace->bounds;
            for (std::size_t part = 0; part + 1 < bounds.size(); ++part) {
                std::string whole(text.substr(0, i));
                whole += text.substr(bounds[part] + 1, bounds[part + 1] - bounds[part] - 1);
                whole += text.substr(bounds.back() + 1);
                if (auto error = expand_braces(whole, out); !error.empty()) {
                    return error;
                }
            }
            return {};
        }
    }
    out.emplace_back(text);
    return out.size() > most_alternatives ? "its braces stand for more than 256 patterns"
                                          : std::string();
}

}  // namespace

class PathPattern::Parser {
 public:
    Parser(std::string_view text, PathPattern& pattern) : text_(text), pattern_(pattern) {}

    /// Why the text is no pattern, or nothing.
    std::string parse(Elements& out) {
        for (at_ = 0; at_ < text_.size(); ++at_) {
            switch (text_[at_]) {
                case '*':
                    add_stars(out);
                    break;
                case '?':
                    out.push_back({.kind = Kind::any_byte});
                    break;
                case '[':
                    if (auto error = add_set(out); !error.empty()) {
                        return error;
                    }
                    break;
                case '\\':
                    if (++at_ == text_.size()) {
                        return "a backslash ends it";
                    }
                    [[fallthrough]];
                default:
                    out.push_back({.byte = text_[at_]});
            }
        }
        return {};
    }

 private:
    void add_stars(Elements& out) {
        const bool starts_component = at_ == 0 || text_[at_ - 1] == '/';
        std::size_t end = at_;
        while (end < text_.size() && text_[end] == '*') {
            ++end;
        }
        const bool one = end - at_ == 1;
        at_ = end - 1;
        if (one) {
            out.push_back({.kind = Kind::star});
        } else if (starts_component && end < text_.size() && text_[end] == '/') {
            out.push_back({.kind = Kind::components});
            at_ = end;
        } else {
            out.push_back({.kind = Kind::any});
        }
    }

    char next_of_set() {
        if (text_[at_] == '\\') {
            ++at_;
        }
        return text_[at_++];
    }

    std::string add_set(Elements& out) {
        const std::size_t end = find_set_end(text_, at_);
        if (end == std::string_view::npos) {
            return "'[' is never closed";
        }
        std::bitset<256> set;
        ++at_;
        const bool negated = text_[at_] == '!' || text_[at_] == '^';
        at_ += negated ? 1 : 0;
        while (at_ < end) {
            const char low = next_of_set();
            char high = low;
            if (at_ + 1 < end && text_[at_] == '-') {
                ++at_;
                high = next_of_set();
            }
            for (std::size_t c = byte_index(low); c <= byte_index(high); ++c) {
                set.set(c);
            }
        }
        if (negated) {
            set.flip();
        }
        set.reset(byte_index('/'));
        at_ = end;
        out.push_back(
            {.kind = Kind::set, .set = static_cast<std::uint32_t>(pattern_.sets_.size())});
        pattern_.sets_.push_back(set);
        return {};
    }

    std::string_view text_;
    PathPattern& pattern_;
    std::size_t at_ = 0;
};

/// Of several stars of one kind only the last ever needs to give way: what an earlier one could
/// reach, it can too. A `*` that comes to a slash leaves it to the last `**`.
class PathPattern::Matcher {
 public:
    Matcher(const PathPattern& pattern, const Elements& elements, std::string_view text)
        : pattern_(pattern), elements_(elements), text_(text) {}

    bool run() {
        while (at_ < elements_.size() || in_ < text_.size()) {
            if (at_ < elements_.size() && take_star()) {
                continue;
            }
            if (at_ < elements_.size() && in_ < text_.size() && fits(elements_[at_], text_[in_])) {
                ++at_;
                ++in_;
            } else if (!retry_star() && !retry_any()) {
                return false;
            }
        }
        return true;
    }

 private:
    static constexpr std::size_t none = std::string_view::npos;

    [[nodiscard]] bool fits(const Element& element, char c) const {
        switch (element.kind) {
            case Kind::byte:
                return element.byte == c;
            case Kind::any_byte:
                return c != '/';
            case Kind::set:
                return pattern_.sets_[element.set].test(byte_index(c));
            case Kind::star:
            case Kind::any:
            case Kind::components:
                break;
        }
        return false;
    }

    bool take_star() {
        const Kind kind = elements_[at_].kind;
        if (kind == Kind::star) {
            star_ = ++at_;
            star_in_ = in_;
            return true;
        }
        if (kind == Kind::any || kind == Kind::components) {
            any_ = ++at_;
            any_in_ = in_;
            by_components_ = kind == Kind::components;
            star_ = none;
            return true;
        }
        return false;
    }

    bool retry_star() {
        if (star_ == none || star_in_ >= text_.size() || text_[star_in_] == '/') {
            return false;
        }
        at_ = star_;
        in_ = ++star_in_;
        return true;
    }

    bool retry_any() {
        if (any_ == none || any_in_ >= text_.size()) {
            return false;
        }
        if (by_components_) {
            const std::size_t slash = text_.find('/', any_in_);
            if (slash == std::string_view::npos) {
                return false;
            }
            any_in_ = slash;
        }
        at_ = any_;
        in_ = ++any_in_;
        star_ = none;
        return true;
    }

    const PathPattern& pattern_;
    const Elements& elements_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t in_ = 0;
    std::size_t star_ = none;     // behind the last `*`
    std::size_t star_in_ = none;  // where the text behind it was last assumed to begin
    std::size_t any_ = none;      // the same for the last `**`
    std::size_t any_in_ = none;
    bool by_components_ = false;
};

PathPatternResult PathPattern::parse(std::string_view text) {
    if (text.empty() || text == "/") {
        return {.error = "it is empty"};
    }
    if (text.size() > longest_pattern) {
        return {.error = "it is longer than 4096 bytes"};
    }
    if (text.ends_with('/')) {
        return {.error = "it ends with a slash; leave that out"};
    }
    PathPattern pattern;
    pattern.text_ = text;
    pattern.has_slash_ = text.find('/') != std::string_view::npos;
    std::vector<std::string> texts;
    if (auto error = expand_braces(text, texts); !error.empty()) {
        return {.error = std::move(error)};
    }
    for (std::string_view one : texts) {
        // The slash of an absolute pattern, or one that only anchors it.
        one.remove_prefix(one.starts_with('/') ? 1 : 0);
        Elements elements;
        if (auto error = Parser(one, pattern).parse(elements); !error.empty()) {
            return {.error = std::move(error)};
        }
        pattern.alternatives_.push_back(std::move(elements));
    }
    return {.pattern = std::move(pattern)};
}

bool PathPattern::matches(std::string_view path) const {
    const std::string_view text =
        has_slash_ ? path : path.substr(path.rfind('/') + 1);  // npos + 1 is 0
    return std::ranges::any_of(alternatives_, [&](const Elements& elements) {
        const bool is_all = elements.size() == 1 && elements.front().kind == Kind::any;
        return is_all || Matcher(*this, elements, text).run();
    });
}

}  // namespace caretaker
