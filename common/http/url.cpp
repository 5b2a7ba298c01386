// SPDX-License-Identifier: Apache-2.0
#include "common/http/url.hpp"

#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace caretaker {

namespace {

constexpr std::size_t none = std::string_view::npos;

bool is_clean(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return (c >= 0 && c <= ' ') || c == '\x7F'; });
}

std::uint16_t default_port(std::string_view scheme) {
    if (scheme == "http") {
        return 80;
    }
    return scheme == "https" ? 443 : 0;
}

bool is_scheme(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !text.empty() && is_letter(text[0]) && std::ranges::all_of(text, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
}

/// "host", "host:9200", "[::1]:9200", with userinfo before.
bool read_authority(std::string_view text, Url& url) {
    const std::size_t at = text.rfind('@');
    if (at != none) {
        url.has_userinfo = true;
        text.remove_prefix(at + 1);
    }
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        if (bracket == none) {
            return false;
        }
        url.host = ascii_lower(text.substr(1, bracket - 1));
        if (url.host.find(':') == none || url.host.find('[') != none) {
            return false;  // only IPv6 addresses stand in brackets
        }
        port = text.substr(bracket + 1);
    } else {
        const std::size_t colon = std::min(text.find(':'), text.size());
        url.host = ascii_lower(text.substr(0, colon));
        if (url.host.find_first_of("[]") != none) {
            return false;
        }
        port = text.substr(colon);
    }
    url.port = default_port(url.scheme);
    if (port.size() > 1) {
        const auto [end, error] =
            std::from_chars(port.data() + 1, port.data() + port.size(), url.port);
        if (port[0] != ':' || error != std::errc{} || end != port.data() + port.size()) {
            return false;
        }
    } else if (!port.empty() && port != ":") {
        return false;
    }
    return true;
}

std::string target_of(std::string_view rest) {
    rest = rest.substr(0, rest.find('#'));
    return rest.starts_with('/') ? std::string(rest) : fmt::format("/{}", rest);
}

bool is_address(std::string_view host) {
    return host.find(':') != none || host.find_first_not_of("0123456789.") == none;
}

std::string_view parent_of(std::string_view host) {
    const std::size_t dot = host.find('.');
    return dot == none ? std::string_view{} : host.substr(dot + 1);
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
    const std::size_t mark = text.find("://");
    if (mark == none || !is_scheme(text.substr(0, mark)) || !is_clean(text)) {
        return std::nullopt;
    }
    Url url{.scheme = ascii_lower(text.substr(0, mark))};
    text.remove_prefix(mark + 3);
    const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
    if (!read_authority(text.substr(0, end), url)) {
        return std::nullopt;
    }
    const bool is_web = url.scheme == "http" || url.scheme == "https";
    if (is_web && url.host.empty()) {
        return std::nullopt;
    }
    url.target = target_of(text.substr(end));
    return url;
}

std::string format_url(const Url& url) {
    const bool brackets = url.host.find(':') != none;
    std::string text =
        fmt::format("{}://{}{}{}", url.scheme, brackets ? "[" : "", url.host, brackets ? "]" : "");
    if (url.port != default_port(url.scheme)) {
        text += fmt::format(":{}", url.port);
    }
    return text + url.target;
}

std::optional<Url> resolve_location(const Url& base, std::string_view location) {
    if (location.empty() || !is_clean(location)) {
        return std::nullopt;
    }
    if (location.starts_with("//")) {
        return parse_url(fmt::format("{}:{}", base.scheme, location));
    }
    if (location.find("://") < location.find_first_of("/?#")) {
        return parse_url(location);
    }
    Url url = base;
    url.has_userinfo = false;
    if (location.starts_with('/')) {
        url.target = target_of(location);
        return url;
    }
    const std::string_view path = std::string_view(base.target).substr(0, base.target.find('?'));
    if (location.starts_with('?')) {
        url.target = target_of(fmt::format("{}{}", path, location));
        return url;
    }
    const std::size_t colon = location.find(':');
    if (colon < location.find_first_of("/?#")) {
        const bool digit =
            colon + 1 < location.size() && location[colon + 1] >= '0' && location[colon + 1] <= '9';
        if (digit) {
            return parse_url(fmt::format("{}://{}", base.scheme, location));
        }
        Url other{.scheme = ascii_lower(location.substr(0, colon))};  // "file:/etc", "mailto:x"
        const bool needs_host = other.scheme == "http" || other.scheme == "https";
        return is_scheme(other.scheme) && !needs_host ? std::optional(other) : std::nullopt;
    }
    url.target = target_of(fmt::format("{}{}", path.substr(0, path.rfind('/') + 1), location));
    return url;
}

bool is_same_domain(std::string_view host, std::string_view other) {
    if (is_address(host) || is_address(other)) {
        return false;
    }
    const std::string_view parent = parent_of(host);
    return parent.find('.') != none && parent == parent_of(other);
}

}  // namespace caretaker
