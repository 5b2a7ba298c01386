// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/option_schema.hpp"

#include "common/text/ascii.hpp"
#include "common/text/edit_distance.hpp"
#include "jobs/rotate/yaml11_scalar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace caretaker {

namespace {

std::string_view describe_wanted(const OptionSpec& spec) {
    switch (spec.type) {
        case OptionType::flag:
            return "true or false";
        case OptionType::integer:
            return "a whole number";
        case OptionType::real:
            return "a number";
        case OptionType::integer_or_text:
            return "a whole number or a word";
        case OptionType::text:
        case OptionType::text_or_null:
            return "a text";
        case OptionType::choice:
            return spec.choices;
        case OptionType::texts:
            return "a text or a list of texts";
        case OptionType::map:
            return "a map";
        case OptionType::any:
            break;
    }
    return "a value";
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// A decimal number as text: "30", " +1.5 ".
std::optional<double> number_of_text(std::string_view text) {
    text = trim(text);
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) {
            return std::nullopt;
        }
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::optional<double> number_of(const CuratorValue& value, bool whole) {
    switch (value.type) {
        case CuratorType::boolean:
            return value.flag ? 1.0 : 0.0;
        case CuratorType::integer:
        case CuratorType::real:
            return value.real;
        case CuratorType::text: {
            const auto number = number_of_text(value.text);
            // A text such as '3.7' is no whole number, though the number 3.7 is cut to one.
            const bool is_fraction = value.text.find_first_of(".eE") != std::string::npos;
            return whole && is_fraction ? std::nullopt : number;
        }
        default:
            return std::nullopt;
    }
}

std::optional<bool> flag_of(const CuratorValue& value) {
    constexpr std::array<std::string_view, 5> on{"1", "true", "yes", "on", "enable"};
    constexpr std::array<std::string_view, 5> off{"0", "false", "no", "off", "disable"};
    if (value.type == CuratorType::boolean) {
        return value.flag;
    }
    if (value.type != CuratorType::text) {
        return std::nullopt;
    }
    const std::string word = ascii_lower(value.text);
    if (std::ranges::find(on, word) != on.end()) {
        return true;
    }
    return std::ranges::find(off, word) != off.end() ? std::optional(false) : std::nullopt;
}

bool is_choice(std::string_view choices, std::string_view word) {
    while (!choices.empty()) {
        const std::string_view choice = choices.substr(0, choices.find('|'));
        if (choice == word) {
            return true;
        }
        choices.remove_prefix(std::min(choice.size() + 1, choices.size()));
    }
    return false;
}

bool is_text_list(const CuratorValue& value) {
    return value.type == CuratorType::list &&
           std::ranges::all_of(value.children, [](const CuratorValue& child) {
               return child.type == CuratorType::text;
           });
}

bool counts_as_missing(const CuratorValue& value) {
    return value.type == CuratorType::null ||
           (value.type == CuratorType::text && value.text == "None");
}

CuratorValue number_value(double number, TextPosition at) {
    return {.type = CuratorType::real,
            .at = at,
            .integer = static_cast<std::int64_t>(number),
            .real = number};
}

CuratorValue fallback_value(const OptionSpec& spec) {
    CuratorValue value{.type = CuratorType::text, .text = std::string(spec.fallback)};
    if (spec.type == OptionType::flag) {
        value.type = CuratorType::boolean;
        value.flag = spec.fallback == "true";
    } else if (spec.type == OptionType::integer || spec.type == OptionType::real ||
               spec.type == OptionType::integer_or_text) {
        value = number_value(number_of_text(spec.fallback).value_or(0), {});
        value.type = CuratorType::integer;
        value.text = spec.fallback;
    } else if (spec.type == OptionType::map) {
        value = {.type = CuratorType::map};
    }
    return value;
}

}  // namespace

void OptionChecker::complain(TextPosition at, std::string message) {
    problems_.push_back({.file = std::string(file_),
                         .line = at.line,
                         .column = at.column,
                         .message = std::move(message)});
}

void OptionChecker::complain_type(const OptionSpec& spec, const CuratorValue& value) {
    const bool would_do_quoted =
        (spec.type == OptionType::text || spec.type == OptionType::texts ||
         spec.type == OptionType::text_or_null) &&
        (value.type == CuratorType::integer || value.type == CuratorType::real ||
         value.type == CuratorType::date || value.type == CuratorType::boolean);
    complain(value.at,
             fmt::format("{} takes {}, not {}{}",
                         spec.name,
                         describe_wanted(spec),
                         value.text.empty() || value.type == CuratorType::map
                             ? std::string(describe_type(value.type))
                             : fmt::format("'{}'", value.text),
                         would_do_quoted ? "; put it between quotes" : ""));
}

std::optional<CuratorValue> OptionChecker::convert(const OptionSpec& spec,
                                                   const CuratorValue& value) {
    bool fits = false;
    CuratorValue converted = value;
    switch (spec.type) {
        case OptionType::flag:
            if (const auto flag = flag_of(value)) {
                fits = true;
                converted = {.type = CuratorType::boolean, .at = value.at, .flag = *flag};
            }
            break;
        case OptionType::integer_or_text:
            if (value.type == CuratorType::text && !number_of(value, true)) {
                fits = is_choice(spec.choices, value.text);
                break;
            }
            [[fallthrough]];
        case OptionType::integer:
        case OptionType::real: {
            const bool whole = spec.type != OptionType::real;
            auto number = number_of(value, whole);
            if (!number || !std::isfinite(*number)) {
                break;
            }
            number = whole ? std::trunc(*number) : *number;
            constexpr double most = 9.0e18;
            if (*number < std::max(spec.min, -most) || *number > std::min(spec.max, most)) {
                const bool is_bounded = spec.max < most;
                complain(
                    value.at,
                    is_bounded
                        ? fmt::format("{} must be from {:g} to {:g}, not {}",
                                      spec.name,
                                      spec.min,
                                      spec.max,
                                      value.text)
                        : fmt::format(
                              "{} must be {:g} or more, not {}", spec.name, spec.min, value.text));
                return std::nullopt;
            }
            fits = true;
            converted = number_value(*number, value.at);
            converted.type = whole ? CuratorType::integer : CuratorType::real;
            converted.text = value.text;
            break;
        }
        case OptionType::text:
        case OptionType::text_or_null:
            fits = value.type == CuratorType::text;
            break;
        case OptionType::choice:
            fits = value.type == CuratorType::text && is_choice(spec.choices, value.text);
            break;
        case OptionType::texts:
            fits = value.type == CuratorType::text || is_text_list(value);
            break;
        case OptionType::map:
            fits = value.type == CuratorType::map;
            break;
        case OptionType::any:
            fits = true;
            break;
    }
    if (!fits) {
        complain_type(spec, value);
        return std::nullopt;
    }
    return converted;
}

CheckedOptions OptionChecker::check(const CuratorValue* map,
                                    std::span<const OptionSpec> specs,
                                    std::span<const std::string_view> ignored,
                                    const std::string& owner,
                                    TextPosition at) {
    CheckedOptions options;
    std::vector<std::string_view> names;
    for (const OptionSpec& spec : specs) {
        names.push_back(spec.name);
    }
    for (std::size_t i = 0; map != nullptr && i < map->keys.size(); ++i) {
        const CuratorKey& key = map->keys[i];
        if (std::ranges::find(ignored, key.text) != ignored.end()) {
            continue;
        }
        const auto spec = std::ranges::find(specs, key.text, &OptionSpec::name);
        if (spec == specs.end()) {
            const auto near = nearest_name(key.text, names);
            complain(
                key.at,
                fmt::format("{} does not know the key '{}'{}",
                            owner,
                            key.text,
                            near ? fmt::format("; did you mean '{}'?", *near) : std::string()));
            continue;
        }
        if (counts_as_missing(map->children[i])) {
            continue;
        }
        if (auto value = convert(*spec, map->children[i])) {
            options.entries_.push_back({spec->name, true, std::move(*value)});
        } else {
            // Complained of already; not also as missing.
            options.entries_.push_back({spec->name, true, fallback_value(*spec)});
        }
    }
    for (const OptionSpec& spec : specs) {
        if (options.has(spec.name)) {
            continue;
        }
        if (spec.required) {
            complain(at, fmt::format("{} needs the key '{}'", owner, spec.name));
        }
        if (!spec.fallback.empty() || spec.type == OptionType::flag) {
            options.entries_.push_back({spec.name, false, fallback_value(spec)});
        }
    }
    return options;
}

}  // namespace caretaker
