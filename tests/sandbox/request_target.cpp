// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/request_target.hpp"

#include <algorithm>
#include <charconv>

namespace caretaker::sandbox {

std::string percent_decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const std::string_view digits = text.substr(std::min(i + 1, text.size()), 2);
        if (text[i] == '%' && digits.size() == 2 &&
            std::from_chars(digits.data(), digits.data() + 2, byte, 16).ptr == digits.data() + 2) {
            decoded += static_cast<char>(byte);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::vector<std::string_view> split_text(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(separator));
        if (!part.empty()) {
            parts.push_back(part);
        }
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return parts;
}

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string_view pair : split_text(text, '&')) {
        const std::size_t equals = std::min(pair.find('='), pair.size());
        std::string value(pair.substr(std::min(equals + 1, pair.size())));
        std::ranges::replace(value, '+', ' ');
        pairs.emplace_back(percent_decode(pair.substr(0, equals)), percent_decode(value));
    }
    return pairs;
}

RequestTarget parse_request_target(std::string_view url) {
    if (const std::size_t scheme = url.find("://"); scheme < url.find('/')) {
        url.remove_prefix(std::min(url.find('/', scheme + 3), url.size()));
    }
    const std::size_t question = std::min(url.find('?'), url.size());
    RequestTarget target{.path = std::string(url.substr(0, question)),
                         .query = std::string(url.substr(std::min(question + 1, url.size())))};
    for (const std::string_view segment : split_text(target.path, '/')) {
        target.segments.push_back(percent_decode(segment));
    }
    target.parameters = parse_form(target.query);
    return target;
}

std::string_view RequestTarget::parameter(std::string_view name) const {
    const auto found =
        std::ranges::find_if(parameters, [&](const auto& pair) { return pair.first == name; });
    return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string_view> RequestTarget::parameters_named(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : parameters) {
        if (key == name) {
            values.emplace_back(value);
        }
    }
    return values;
}

bool RequestTarget::has_parameter(std::string_view name) const {
    return std::ranges::any_of(parameters, [&](const auto& pair) { return pair.first == name; });
}

}  // namespace caretaker::sandbox
