// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/timestring.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

namespace {

bool has_code(std::string_view form, char code) {
    for (std::size_t i = 0; i + 1 < form.size(); ++i) {
        if (form[i] == '%') {
            if (form[i + 1] == code) {
                return true;
            }
            ++i;
        }
    }
    return false;
}

}  // namespace

Timestring::Timestring(std::string form, Regex regex)
    : form_(std::move(form)), regex_(std::move(regex)) {}

TimestringResult Timestring::compile(std::string_view form) {
    RegexResult regex = Regex::compile(timestring_expression(form));
    if (!regex.regex) {
        return {.error = fmt::format(
                    "the timestring '{}' makes no regular expression: {}", form, regex.error)};
    }
    return {.timestring = Timestring(std::string(form), std::move(*regex.regex))};
}

std::optional<Timestring::Found> Timestring::find(std::string_view name) const {
    const auto groups = regex_.find(name);
    if (groups.empty() || !groups[0]) {
        return std::nullopt;
    }
    return Found{.text = *groups[0], .time = parse_whole_date(*groups[0], form_)};
}

std::string Timestring::date_error() const {
    if (has_code(form_, 'V') != has_code(form_, 'G')) {
        return fmt::format(
            "the timestring '{}' has one of %G and %V; a week by ISO 8601 needs both", form_);
    }
    return {};
}

std::string timestring_expression(std::string_view form) {
    std::string expression;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const char c = form[i];
        const bool is_escape = c == '%' && i + 1 < form.size();
        const std::size_t digits = is_escape ? date_code_digits(form[i + 1]) : 0;
        if (digits > 0) {
            expression += fmt::format("\\d{{{}}}", digits);
            ++i;
        } else if (c == '.' || c == '-') {
            expression += '\\';
            expression += c;
        } else if (c != '%') {
            expression += c;
        }
    }
    return expression;
}

}  // namespace caretaker
