// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/cloud_id.hpp"

#include "common/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace caretaker {

namespace {

/// RFC 4648, with or without the padding.
std::optional<std::string> decode_base64(std::string_view text) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::uint32_t byte = 0xFF;
    while (text.ends_with('=')) {
        text.remove_suffix(1);
    }
    std::string decoded;
    std::uint32_t bits = 0;
    unsigned known = 0;
    for (const char letter : text) {
        const std::size_t value = letters.find(letter);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        known += 6;
        if (known >= 8) {
            known -= 8;
            decoded += static_cast<char>((bits >> known) & byte);
        }
    }
    return decoded;
}

}  // namespace

std::optional<std::string> address_of_cloud(std::string_view cloud_id) {
    const std::size_t colon = cloud_id.rfind(':');
    const auto decoded = decode_base64(cloud_id.substr(colon == cloud_id.npos ? 0 : colon + 1));
    const std::size_t dollar = decoded ? decoded->find('$') : std::string::npos;
    if (dollar == std::string::npos) {
        return std::nullopt;
    }
    std::string domain = decoded->substr(0, dollar);
    const std::string rest = decoded->substr(dollar + 1);
    const std::string cluster = rest.substr(0, rest.find('$'));
    if (domain.find(':') == std::string::npos) {
        domain += ":443";
    }
    const auto url = parse_url(fmt::format("https://{}.{}", cluster, domain));
    if (cluster.empty() || domain.starts_with(':') || !url) {
        return std::nullopt;
    }
    std::string address = format_url(*url);
    while (address.ends_with('/')) {
        address.pop_back();
    }
    return address;
}

}  // namespace caretaker
