// SPDX-License-Identifier: Apache-2.0
// The patterns are those of https://yaml.org/type/ (bool, int, float, timestamp), in the reading of
// the Python library that Curator uses.
#include "jobs/rotate/yaml11_scalar.hpp"

#include "common/text/regex.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>
#include <string>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 9> true_words{
    "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
constexpr std::array<std::string_view, 9> false_words{
    "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
    return std::ranges::find(words, text) != words.end();
}

const Regex& integer_pattern() {
    static const Regex regex = Regex::compile(
                                   "^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|"
                                   "[1-9][0-9_]*(?::[0-5]?[0-9])+)\\z")
                                   .regex.value();
    return regex;
}

const Regex& real_pattern() {
    static const Regex regex = Regex::compile(
                                   "^(?:[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?|"
                                   "\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|"
                                   "[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*|"
                                   "[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))\\z")
                                   .regex.value();
    return regex;
}

const Regex& date_pattern() {
    static const Regex regex =
        Regex::compile(
            "^(?:\\d{4}-\\d\\d-\\d\\d|\\d{4}-\\d\\d?-\\d\\d?(?:[Tt]|[ \\t]+)\\d\\d?:"
            "\\d\\d:\\d\\d(?:\\.\\d*)?(?:[ \\t]*(?:Z|[-+]\\d\\d?(?::\\d\\d)?))?)\\z")
            .regex.value();
    return regex;
}

/// The sign, if any, and what stands behind it without underscores.
std::string take_digits(std::string_view text, bool& negative) {
    negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    std::string digits(text);
    std::erase(digits, '_');
    return digits;
}

/// "12:30:45" and "12:30:45.5".
double base_60(std::string_view digits) {
    double value = 0;
    while (!digits.empty()) {
        const std::string_view part = digits.substr(0, digits.find(':'));
        double number = 0;
        std::from_chars(part.data(), part.data() + part.size(), number);
        value = value * 60 + number;
        digits.remove_prefix(std::min(part.size() + 1, digits.size()));
    }
    return value;
}

Yaml11Scalar whole_number(double value) {
    constexpr double limit = 9.2e18;
    if (value > limit || value < -limit) {
        return {.type = Yaml11Type::real, .real = value};
    }
    return {
        .type = Yaml11Type::integer, .integer = static_cast<std::int64_t>(value), .real = value};
}

Yaml11Scalar parse_integer(std::string_view text) {
    bool negative = false;
    const std::string digits = take_digits(text, negative);
    if (digits.find(':') != std::string::npos) {
        const double value = base_60(digits);
        return whole_number(negative ? -value : value);
    }
    int base = 10;
    std::size_t prefix = 0;
    if (digits.starts_with("0b")) {
        base = 2;
        prefix = 2;
    } else if (digits.starts_with("0x")) {
        base = 16;
        prefix = 2;
    } else if (digits.size() > 1 && digits.front() == '0') {
        base = 8;
    }
    const char* const begin = digits.data() + prefix;
    const char* const end = digits.data() + digits.size();
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(begin, end, value, base);
    if (error == std::errc::result_out_of_range) {
        return {.type = Yaml11Type::real,
                .real = negative ? -std::numeric_limits<double>::infinity()
                                 : std::numeric_limits<double>::infinity()};
    }
    if (error != std::errc{} || stop != end) {
        return {};  // "0b_": underscores alone are no number
    }
    value = negative ? -value : value;
    return {.type = Yaml11Type::integer, .integer = value, .real = static_cast<double>(value)};
}

Yaml11Scalar parse_real(std::string_view text) {
    bool negative = false;
    std::string digits = take_digits(text, negative);
    double value = 0;
    if (digits.ends_with("nan") || digits.ends_with("NaN") || digits.ends_with("NAN")) {
        value = std::numeric_limits<double>::quiet_NaN();
    } else if (digits.ends_with("inf") || digits.ends_with("Inf") || digits.ends_with("INF")) {
        value = std::numeric_limits<double>::infinity();
    } else if (digits.find(':') != std::string::npos) {
        value = base_60(digits);
    } else {
        if (digits.front() == '.') {
            digits.insert(0, "0");
        }
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (parsed.ec == std::errc::result_out_of_range) {
            value = std::numeric_limits<double>::infinity();
        }
    }
    return {.type = Yaml11Type::real, .real = negative ? -value : value};
}

}  // namespace

Yaml11Scalar resolve_yaml11(std::string_view text) {
    constexpr std::size_t longest = 200;  // longer ones are no numbers that anybody means
    if (text.empty() || text.size() > longest) {
        return {};
    }
    if (is_one_of(text, true_words)) {
        return {.type = Yaml11Type::boolean, .flag = true};
    }
    if (is_one_of(text, false_words)) {
        return {.type = Yaml11Type::boolean};
    }
    if (std::string_view("+-.0123456789").find(text.front()) == std::string_view::npos) {
        return {};
    }
    if (integer_pattern().search(text)) {
        return parse_integer(text);
    }
    if (real_pattern().search(text)) {
        return parse_real(text);
    }
    return {.type = date_pattern().search(text) ? Yaml11Type::date : Yaml11Type::text};
}

}  // namespace caretaker
