// SPDX-License-Identifier: Apache-2.0
#include "common/config/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 6> booleans{
    "true", "True", "TRUE", "false", "False", "FALSE"};
constexpr std::array<std::string_view, 6> non_finite{
    ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_octal_digit(char c) {
    return c >= '0' && c <= '7';
}

/// Takes the digits at the front and tells how many there were.
std::size_t take_digits(std::string_view& text) {
    const auto* const end = std::ranges::find_if_not(text, is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count;
}

void take_sign(std::string_view& text) {
    if (text.starts_with('-') || text.starts_with('+')) {
        text.remove_prefix(1);
    }
}

/// [0-9]* ( \. [0-9]* )? ( [eE] [-+]? [0-9]+ )? with at least one digit before the exponent.
bool is_decimal(std::string_view text) {
    std::size_t digits = take_digits(text);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        digits += take_digits(text);
    }
    if (digits == 0) {
        return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        take_sign(text);
        return take_digits(text) > 0 && text.empty();
    }
    return text.empty();
}

}  // namespace

PlainType plain_type(std::string_view text) {
    if (std::ranges::find(booleans, text) != booleans.end()) {
        return PlainType::boolean;
    }
    bool is_number = false;
    if (text.starts_with("0x")) {
        is_number = text.size() > 2 && std::ranges::all_of(text.substr(2), is_hex_digit);
    } else if (text.starts_with("0o")) {
        is_number = text.size() > 2 && std::ranges::all_of(text.substr(2), is_octal_digit);
    } else {
        take_sign(text);
        is_number = is_decimal(text) || std::ranges::find(non_finite, text) != non_finite.end();
    }
    return is_number ? PlainType::number : PlainType::text;
}

}  // namespace caretaker
