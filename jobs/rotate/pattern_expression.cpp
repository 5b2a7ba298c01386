// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/pattern_expression.hpp"

#include "jobs/rotate/timestring.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";

/// Goes over a Python expression once, and writes it down in Perl's syntax.
class PythonRegex {
 public:
    explicit PythonRegex(std::string_view text) : text_(text) {}

    std::string translate() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\\' && at_ + 1 < text_.size()) {
                take_escape();
            } else if (in_class_) {
                take_class_member();
            } else if (c == '[') {
                begin_class();
            } else if (c == '{' && is_open_quantifier()) {
                perl_ += "{0";
                ++at_;
            } else if (c != '(' || !take_flags()) {
                take(1);
            }
        }
        return std::move(perl_);
    }

 private:
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

    void take(std::size_t count) {
        perl_ += text_.substr(at_, count);
        at_ += count;
    }

    void replace(std::size_t count, std::string_view by) {
        perl_ += by;
        at_ += count;
    }

    /// \Z is the very end, \v one character, \uXXXX and \UXXXXXXXX a character by its number.
    void take_escape() {
        const char letter = text_[at_ + 1];
        const std::size_t length = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
        const std::string_view number = rest().substr(2, length);
        if (length > 0 && number.size() == length &&
            number.find_first_not_of(hex_digits) == std::string_view::npos) {
            replace(2 + length, fmt::format("\\x{{{}}}", number));
        } else if (letter == 'Z' && !in_class_) {
            replace(2, "\\z");
        } else if (letter == 'v') {
            replace(2, "\\x0b");
        } else {
            take(2);
        }
    }

    /// A bracket that stands first is a member.
    void begin_class() {
        in_class_ = true;
        take(rest().starts_with("[^") ? 2 : 1);
        if (rest().starts_with(']')) {
            take(1);
        }
    }

    /// [:alpha:] means nothing within a class of Python's.
    void take_class_member() {
        const char c = text_[at_];
        if (c == '[') {
            replace(1, "\\[");
            return;
        }
        in_class_ = c != ']';
        take(1);
    }

    /// "{,4}": from no time on, which Perl takes for the characters themselves.
    [[nodiscard]] bool is_open_quantifier() const {
        if (!rest().starts_with("{,")) {
            return false;
        }
        const std::size_t end = text_.find_first_not_of(digits, at_ + 2);
        return end != std::string_view::npos && text_[end] == '}';
    }

    /// (?a) and (?u) say which letters and digits there are; here those of ASCII.
    bool take_flags() {
        constexpr std::string_view flags = "aimsux-";
        if (!rest().starts_with("(?")) {
            return false;
        }
        const std::size_t end = text_.find_first_not_of(flags, at_ + 2);
        if (end == std::string_view::npos || (text_[end] != ')' && text_[end] != ':')) {
            return false;
        }
        std::string kept(text_.substr(at_ + 2, end - at_ - 2));
        std::erase_if(kept, [](char flag) { return flag == 'a' || flag == 'u'; });
        perl_ += "(?" + kept;
        // An empty group is nothing, too, and joins nothing around it.
        perl_ += kept.empty() && text_[end] == ')' ? ":)" : std::string(1, text_[end]);
        at_ = end + 1;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool in_class_ = false;
    std::string perl_{};
};

}  // namespace

std::string from_python_regex(std::string_view expression) {
    return PythonRegex(expression).translate();
}

std::string pattern_expression(std::string_view kind, std::string_view value) {
    if (kind == "prefix") {
        return fmt::format("^{}.*$", from_python_regex(value));
    }
    if (kind == "suffix") {
        return fmt::format("^.*{}$", from_python_regex(value));
    }
    if (kind == "timestring") {
        return fmt::format("^.*{}.*$", from_python_regex(timestring_expression(value)));
    }
    return from_python_regex(value);
}

}  // namespace caretaker
