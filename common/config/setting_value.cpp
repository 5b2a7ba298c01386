// SPDX-License-Identifier: Apache-2.0
#include "common/config/setting_value.hpp"

#include "common/text/bytes.hpp"
#include "common/text/duration.hpp"
#include "common/text/edit_distance.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>

namespace caretaker {

namespace {

using Result = SettingValueResult;

Result wrong(std::string error) {
    return {.error = std::move(error)};
}

Result right(SettingValue value) {
    return {.value = std::move(value)};
}

/// "|"-separated words.
std::vector<std::string_view> choices_of(const KeySpec& spec) {
    std::vector<std::string_view> words;
    std::string_view rest = spec.choices;
    while (!rest.empty()) {
        const std::size_t bar = std::min(rest.find('|'), rest.size());
        words.push_back(rest.substr(0, bar));
        rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
    return words;
}

std::string range_end(const KeySpec& spec, std::int64_t value) {
    switch (spec.type == ValueType::text_map ? spec.element : spec.type) {
        case ValueType::duration:
            return format_exact_duration(std::chrono::milliseconds(value));
        case ValueType::size:
            return format_exact_bytes(static_cast<std::uint64_t>(value));
        default:
            return std::to_string(value);
    }
}

Result in_range(const KeySpec& spec, std::string_view text, std::int64_t value) {
    if (value < spec.min) {
        return wrong(fmt::format("{} is too small; at least {}", text, range_end(spec, spec.min)));
    }
    if (value > spec.max) {
        return wrong(fmt::format("{} is too large; at most {}", text, range_end(spec, spec.max)));
    }
    return right(value);
}

Result parse_integer(const KeySpec& spec, std::string_view text) {
    std::int64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, value);
    if (failure == std::errc::result_out_of_range) {
        return wrong(fmt::format("{} is out of range", text));
    }
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    const bool padded = digits.size() > 1 && digits.starts_with('0');
    if (failure != std::errc{} || rest != end || padded) {
        return wrong(fmt::format("'{}' is no whole number", text));
    }
    return in_range(spec, text, value);
}

Result parse_boolean(std::string_view text) {
    if (text == "true" || text == "false") {
        return right(text == "true");
    }
    return wrong(fmt::format("'{}' is neither true nor false", text));
}

Result parse_duration_value(const KeySpec& spec, std::string_view text) {
    const auto duration = parse_duration(text);
    if (!duration) {
        return wrong(fmt::format(
            "'{}' is no duration; write it like 250ms, 90s, 15m, 36h, 7d or 1h30m", text));
    }
    return in_range(spec, text, duration->count());
}

Result parse_size_value(const KeySpec& spec, std::string_view text) {
    const auto bytes = parse_bytes(text);
    if (!bytes) {
        return wrong(fmt::format("'{}' is no size; write it like 512MB or 2GiB", text));
    }
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    return in_range(spec, text, static_cast<std::int64_t>(std::min(*bytes, most)));
}

Result parse_choice(const KeySpec& spec, std::string_view text) {
    const auto words = choices_of(spec);
    if (std::ranges::find(words, text) != words.end()) {
        return right(std::string(text));
    }
    if (const auto nearest = nearest_name(text, words)) {
        return wrong(fmt::format("'{}' is no choice; did you mean '{}'?", text, *nearest));
    }
    return wrong(fmt::format("'{}' is no choice; one of {}", text, fmt::join(words, ", ")));
}

/// Splits at commas and takes the backslashes away.
std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escapes =
            text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == ',' || text[i + 1] == '\\');
        if (text[i] == ',') {
            parts.emplace_back();
        } else {
            i += escapes ? 1 : 0;
            parts.back() += text[i];
        }
    }
    return parts;
}

std::string escape_element(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == ',' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return result;
}

Result parse_list(const KeySpec& spec, std::string_view text) {
    std::vector<std::string> values;
    for (const std::string& part : split_list(text)) {
        if (part.empty()) {
            return wrong("the list has an empty element");
        }
        if (auto element = parse_setting_element(spec, part); !element.value) {
            return element;
        }
        values.push_back(part);
    }
    return right(std::move(values));
}

Result parse_map(const KeySpec& spec, std::string_view text) {
    TextMap values;
    for (const std::string& part : split_list(text)) {
        const std::size_t equals = part.find('=');
        // The part itself may be a piece of a password with a comma in it and is not repeated.
        if (equals == std::string::npos || equals == 0) {
            return wrong(
                "is not name=value pairs separated by commas; a comma in a value is written '\\,'");
        }
        const std::string name = part.substr(0, equals);
        if (std::ranges::find(values, name, &TextMap::value_type::first) != values.end()) {
            return wrong(fmt::format("'{}' appears twice", name));
        }
        std::string value = part.substr(equals + 1);
        if (auto element = parse_setting_element(spec, value); !element.value) {
            return element;
        }
        values.emplace_back(name, std::move(value));
    }
    return right(std::move(values));
}

std::string_view shown_map_value(const std::pair<std::string, std::string>& entry) {
    return is_secret_name(entry.first) ? redacted : std::string_view(entry.second);
}

struct Formatter {
    const KeySpec& spec;

    std::string operator()(const std::string& text) const { return redact_url(text); }

    std::string operator()(const std::vector<std::string>& texts) const {
        std::vector<std::string> parts;
        parts.reserve(texts.size());
        for (const std::string& text : texts) {
            parts.push_back(escape_element(redact_url(text)));
        }
        return fmt::format("{}", fmt::join(parts, ","));
    }

    std::string operator()(const TextMap& map) const {
        std::vector<std::string> parts;
        for (const auto& entry : map) {
            parts.push_back(escape_element(
                fmt::format("{}={}", entry.first, redact_url(shown_map_value(entry)))));
        }
        return fmt::format("{}", fmt::join(parts, ","));
    }

    std::string operator()(std::int64_t number) const {
        return spec.type == ValueType::duration
                   ? format_in_one_unit(std::chrono::milliseconds(number))
                   : range_end(spec, number);
    }

    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
};

}  // namespace

SettingValueResult parse_setting_element(const KeySpec& spec, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        return wrong("holds a zero byte");
    }
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    };
    // Properties of librdkafka may hold whole PEM files.
    if (spec.type != ValueType::text_map && std::ranges::any_of(text, is_control)) {
        return wrong("holds a control character");
    }
    if (spec.element == ValueType::duration) {
        auto duration = parse_duration_value(spec, text);
        return duration.value ? right(std::string(text)) : duration;
    }
    return right(std::string(text));
}

SettingValueResult parse_setting_value(const KeySpec& spec, std::string_view text) {
    switch (spec.type) {
        case ValueType::text:
            return parse_setting_element(spec, text);
        case ValueType::text_list:
            return parse_list(spec, text);
        case ValueType::text_map:
            return parse_map(spec, text);
        case ValueType::integer:
            return parse_integer(spec, text);
        case ValueType::boolean:
            return parse_boolean(text);
        case ValueType::duration:
            return parse_duration_value(spec, text);
        case ValueType::size:
            return parse_size_value(spec, text);
        case ValueType::choice:
            break;
    }
    return parse_choice(spec, text);
}

std::string format_setting_value(const Setting& setting) {
    if (setting.spec->secret) {
        return std::string(redacted);
    }
    return std::visit(Formatter{*setting.spec}, setting.value);
}

bool holds_secret(const Setting& setting) {
    if (setting.spec->secret) {
        return true;
    }
    const auto has_userinfo = [](const std::string& text) { return redact_url(text) != text; };
    if (const auto* text = std::get_if<std::string>(&setting.value)) {
        return has_userinfo(*text);
    }
    if (const auto* texts = std::get_if<std::vector<std::string>>(&setting.value)) {
        return std::ranges::any_of(*texts, has_userinfo);
    }
    if (const auto* map = std::get_if<TextMap>(&setting.value)) {
        return std::ranges::any_of(*map, [&](const auto& entry) {
            return is_secret_name(entry.first) || has_userinfo(entry.second);
        });
    }
    return false;
}

}  // namespace caretaker
