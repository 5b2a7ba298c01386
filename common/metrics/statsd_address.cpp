// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_address.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <sys/un.h>

#include <charconv>
#include <optional>

namespace caretaker {

namespace {

UsageError not_an_address(std::string_view text, std::string_view why) {
    return UsageError(fmt::format(
        "'{}' is no statsd address: {}; write host:8125, udp://host:8125, "
        "tcp://host:8125, srv://_service._udp.domain, unixgram:///path, file:///path or none",
        text,
        why));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || stopped != end || port == 0) {
        return std::nullopt;
    }
    return port;
}

bool is_host(std::string_view host) {
    return !host.empty() && host.find_first_of("/@[]?# \t\r\n") == std::string_view::npos &&
           host.find('\0') == std::string_view::npos;
}

StatsdAddress parse_host_and_port(StatsdTransport transport,
                                  std::string_view rest,
                                  std::string_view text) {
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos || rest.ends_with(']')) {
        throw not_an_address(text, "the port is missing");
    }
    const auto port = parse_port(rest.substr(colon + 1));
    if (!port) {
        throw not_an_address(text, "the port must be a number from 1 to 65535");
    }
    std::string_view host = rest.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        throw not_an_address(text, "an IPv6 address stands in brackets, as in [::1]:8125");
    }
    if (!is_host(host)) {
        throw not_an_address(text, "the host name is missing or has characters that none can have");
    }
    return {.transport = transport, .host = std::string(host), .port = *port, .path = {}};
}

StatsdAddress parse_path(StatsdTransport transport, std::string_view path, std::string_view text) {
    if (!path.starts_with('/') || path.size() < 2 || path.find('\0') != std::string_view::npos) {
        throw not_an_address(text, "the path must be absolute");
    }
    if (transport == StatsdTransport::unix_datagram &&
        path.size() >= sizeof(sockaddr_un::sun_path)) {
        throw not_an_address(text, "the path of a socket has at most 107 bytes");
    }
    return {.transport = transport, .host = {}, .port = 0, .path = std::string(path)};
}

/// RFC 2782: _service._protocol.domain; Mesos-DNS puts named ports in front, _port._task._protocol.
StatsdAddress parse_service(std::string_view name, std::string_view text) {
    constexpr std::size_t longest_name = 253;
    const bool is_udp = name.find("._udp.") != std::string_view::npos;
    const bool is_tcp = name.find("._tcp.") != std::string_view::npos;
    if (!name.starts_with('_') || is_udp == is_tcp || name.ends_with('.') ||
        name.size() > longest_name || name.find("..") != std::string_view::npos) {
        throw not_an_address(
            text, "the name of a service reads _statsd._udp.marathon.mesos, or _tcp for TCP");
    }
    if (!is_host(name) || name.find(':') != std::string_view::npos) {
        throw not_an_address(text, "SRV records hold the port, and names no such characters");
    }
    return {.transport = is_udp ? StatsdTransport::udp : StatsdTransport::tcp,
            .host = std::string(name),
            .port = 0,
            .path = {},
            .by_service = true};
}

}  // namespace

StatsdAddress parse_statsd_address(std::string_view text) {
    if (text.empty() || text == "none") {
        return {};
    }
    const std::size_t end_of_scheme = text.find("://");
    if (end_of_scheme == std::string_view::npos) {
        return parse_host_and_port(StatsdTransport::udp, text, text);
    }
    const std::string_view scheme = text.substr(0, end_of_scheme);
    const std::string_view rest = text.substr(end_of_scheme + 3);
    if (scheme == "udp") {
        return parse_host_and_port(StatsdTransport::udp, rest, text);
    }
    if (scheme == "tcp") {
        return parse_host_and_port(StatsdTransport::tcp, rest, text);
    }
    if (scheme == "unixgram") {
        return parse_path(StatsdTransport::unix_datagram, rest, text);
    }
    if (scheme == "file") {
        return parse_path(StatsdTransport::file, rest, text);
    }
    if (scheme == "srv") {
        return parse_service(rest, text);
    }
    throw not_an_address(text, fmt::format("'{}' is no known scheme", scheme));
}

}  // namespace caretaker
