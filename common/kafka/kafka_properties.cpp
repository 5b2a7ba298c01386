// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/kafka_properties.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace caretaker {

namespace {

constexpr std::string_view blanks = " \t\f\r";

std::string_view trim_left(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

std::string_view trim_right(std::string_view text) {
    const auto last = text.find_last_not_of(blanks);
    return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

/// Keys are ASCII, so no locale is asked.
std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

/// What to use instead of a property that only the Java client understands.
std::optional<std::string_view> hint_for_java_key(std::string_view key) {
    if (key == "sasl.jaas.config") {
        return "use sasl.username and sasl.password";
    }
    if (key.starts_with("ssl.truststore.")) {
        return "use ssl.ca.location with a PEM file (keytool -exportcert -rfc makes one)";
    }
    if (key.starts_with("ssl.keystore.")) {
        return "use ssl.certificate.location and ssl.key.location with PEM files "
               "(openssl pkcs12 makes them)";
    }
    return std::nullopt;
}

/// Turns what the Java client accepts and librdkafka refuses into the latter's words.
KafkaProperty make_property(std::string key, std::string value) {
    if (key.empty()) {
        throw UsageError("the key is missing; write key=value");
    }
    if (const auto hint = hint_for_java_key(key)) {
        throw UsageError(fmt::format("'{}' is only for the Java client; {}", key, *hint));
    }
    if (key == "ssl.endpoint.identification.algorithm" && value.empty()) {
        value = "none";
    }
    return {std::move(key), std::move(value)};
}

void append_utf8(std::string& text, std::uint32_t code_point) {
    if (code_point < 0x80) {
        text += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        text += static_cast<char>(0xC0U | (code_point >> 6U));
        text += static_cast<char>(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        text += static_cast<char>(0xE0U | (code_point >> 12U));
        text += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU));
        text += static_cast<char>(0x80U | (code_point & 0x3FU));
    } else {
        text += static_cast<char>(0xF0U | (code_point >> 18U));
        text += static_cast<char>(0x80U | ((code_point >> 12U) & 0x3FU));
        text += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU));
        text += static_cast<char>(0x80U | (code_point & 0x3FU));
    }
}

/// The four hex digits after `\u`.
std::uint32_t parse_hex4(std::string_view text, std::size_t at) {
    std::uint32_t unit = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        const auto digit = c >= '0' && c <= '9'   ? c - '0'
                           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                  : -1;
        if (digit < 0) {
            throw UsageError("\\u must be followed by four hex digits");
        }
        unit = unit * 16 + static_cast<std::uint32_t>(digit);
    }
    return unit;
}

/// Reads the UTF-16 unit or pair whose first `\u` ends before `at`; moves `at` behind it.
std::uint32_t parse_code_point(std::string_view text, std::size_t& at) {
    const std::uint32_t first = parse_hex4(text, at);
    at += 4;
    if (first < 0xD800 || first > 0xDFFF) {
        return first;
    }
    if (first > 0xDBFF || text.substr(at, 2) != "\\u") {
        throw UsageError("\\u names half a surrogate pair");
    }
    const std::uint32_t second = parse_hex4(text, at + 2);
    if (second < 0xDC00 || second > 0xDFFF) {
        throw UsageError("\\u names half a surrogate pair");
    }
    at += 6;
    return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
}

std::string unescape(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i++];
        if (c != '\\' || i == text.size()) {
            result += c;
            continue;
        }
        switch (const char escaped = text[i++]) {
            case 't':
                result += '\t';
                break;
            case 'n':
                result += '\n';
                break;
            case 'r':
                result += '\r';
                break;
            case 'f':
                result += '\f';
                break;
            case 'u':
                append_utf8(result, parse_code_point(text, i));
                break;
            default:
                result += escaped;
                break;
        }
    }
    return result;
}

/// Where the key ends: the first `=` or `:` without a backslash before it.
std::size_t find_separator(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') {
            ++i;
        } else if (line[i] == '=' || line[i] == ':') {
            return i;
        }
    }
    return std::string_view::npos;
}

/// An odd number of backslashes at the end joins the next line; two are one that was escaped.
bool is_continued(std::string_view line) {
    const auto last = line.find_last_not_of('\\');
    const auto backslashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
    return backslashes % 2 == 1;
}

/// Without the blanks at both ends, but with one that a backslash protects.
std::string_view trim_line(std::string_view line) {
    line = trim_left(line);
    const auto trimmed = trim_right(line);
    const bool is_protected =
        is_continued(trimmed) && line.size() > trimmed.size() && line[trimmed.size()] != '\r';
    return is_protected ? line.substr(0, trimmed.size() + 1) : trimmed;
}

KafkaProperty parse_line(std::string_view line) {
    const auto separator = find_separator(line);
    if (separator == std::string_view::npos) {
        throw UsageError("this is not key=value");
    }
    return make_property(unescape(trim_right(line.substr(0, separator))),
                         unescape(trim_left(line.substr(separator + 1))));
}

/// Takes the next line off `text`.
std::string_view next_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace

std::vector<KafkaProperty> parse_kafka_properties(std::string_view text, std::string_view file) {
    std::vector<KafkaProperty> properties;
    int number = 0;
    while (!text.empty()) {
        const int first_number = ++number;
        std::string line(trim_line(next_line(text)));
        if (line.empty() || line[0] == '#' || line[0] == '!') {
            continue;
        }
        while (is_continued(line) && !text.empty()) {
            ++number;
            line.pop_back();
            line += trim_line(next_line(text));
        }
        if (is_continued(line)) {
            line.pop_back();
        }
        try {
            properties.push_back(parse_line(line));
        } catch (UsageError& error) {
            // Only here is it known where the line stands.
            error.add_context(fmt::format("{}:{}", file, first_number));
            throw;
        }
    }
    return properties;
}

KafkaProperty parse_kafka_property(std::string_view argument) {
    const auto separator = argument.find('=');
    if (separator == std::string_view::npos) {
        // The argument is not shown: it may be a secret put in the wrong place.
        throw UsageError("-X: this is not key=value; see caretaker lag properties");
    }
    const auto key = trim_left(trim_right(argument.substr(0, separator)));
    if (is_secret_kafka_property(key) && !hint_for_java_key(key)) {
        throw UsageError(fmt::format(
            "-X {}: everybody on this host can read a command line; put the value into a "
            "properties file or the environment",
            key));
    }
    try {
        return make_property(std::string(key),
                             std::string(trim_left(trim_right(argument.substr(separator + 1)))));
    } catch (UsageError& error) {
        // Only here is it known that the property comes from the command line.
        error.add_context("-X");
        throw;
    }
}

bool is_secret_kafka_property(std::string_view key) {
    constexpr std::array<std::string_view, 5> words = {
        "password", "secret", "key", "token", "jaas"};
    // These hold a word above, and a path, an address or a name all the same.
    constexpr std::array<std::string_view, 7> harmless = {
        ".location", ".url", ".uri", ".keytab", ".type", ".algorithm", "serializer"};
    const std::string name = lower(key);
    return std::ranges::any_of(
               words, [&](std::string_view word) { return name.find(word) != name.npos; }) &&
           std::ranges::none_of(harmless,
                                [&](std::string_view end) { return name.ends_with(end); });
}

std::string format_kafka_property(std::string_view key, std::string_view value) {
    return fmt::format("{}={}", key, is_secret_kafka_property(key) ? "***" : value);
}

}  // namespace caretaker
