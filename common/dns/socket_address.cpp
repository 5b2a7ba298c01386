// SPDX-License-Identifier: Apache-2.0
#include "common/dns/socket_address.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace caretaker {

namespace {

template <typename Native>
SocketAddress from_native(const Native& native) {
    SocketAddress out{.storage = {}, .length = sizeof(native)};
    std::memcpy(&out.storage, &native, sizeof(native));
    return out;
}

template <typename Native>
Native to_native(const SocketAddress& address) {
    Native native{};
    std::memcpy(&native, &address.storage, sizeof(native));
    return native;
}

std::string_view bytes_of(const SocketAddress& address) {
    return {reinterpret_cast<const char*>(&address.storage), address.length};
}

}  // namespace

SocketAddress ip_address(std::span<const unsigned char> bytes, std::uint16_t port) {
    if (bytes.size() == sizeof(in_addr)) {
        sockaddr_in native{};
        native.sin_family = AF_INET;
        native.sin_port = htons(port);
        std::memcpy(&native.sin_addr, bytes.data(), bytes.size());
        return from_native(native);
    }
    if (bytes.size() == sizeof(in6_addr)) {
        sockaddr_in6 native{};
        native.sin6_family = AF_INET6;
        native.sin6_port = htons(port);
        std::memcpy(&native.sin6_addr, bytes.data(), bytes.size());
        return from_native(native);
    }
    return {};
}

std::optional<SocketAddress> parse_ip_and_port(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, port);
    if (error != std::errc{} || stopped != end || port == 0) {
        return std::nullopt;
    }
    std::string host(text.substr(0, colon));
    const bool in_brackets = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
    if (in_brackets) {
        host = host.substr(1, host.size() - 2);
    }
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    const std::size_t length = in_brackets ? sizeof(in6_addr) : sizeof(in_addr);
    if (host.find('\0') != std::string::npos ||
        ::inet_pton(in_brackets ? AF_INET6 : AF_INET, host.c_str(), bytes.data()) != 1) {
        return std::nullopt;
    }
    return ip_address(std::span(bytes).first(length), port);
}

std::string format_socket_address(const SocketAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.family() == AF_INET) {
        const auto native = to_native<sockaddr_in>(address);
        ::inet_ntop(AF_INET, &native.sin_addr, text.data(), text.size());
        return fmt::format("{}:{}", text.data(), ntohs(native.sin_port));
    }
    if (address.family() == AF_INET6) {
        const auto native = to_native<sockaddr_in6>(address);
        ::inet_ntop(AF_INET6, &native.sin6_addr, text.data(), text.size());
        return fmt::format("[{}]:{}", text.data(), ntohs(native.sin6_port));
    }
    const auto native = to_native<sockaddr_un>(address);
    const std::string_view path(std::begin(native.sun_path), sizeof(native.sun_path));
    return std::string(path.substr(0, path.find('\0')));
}

void sort_addresses(std::vector<SocketAddress>& addresses) {
    std::ranges::sort(addresses, {}, bytes_of);
    const auto is_same = [](const SocketAddress& a, const SocketAddress& b) {
        return bytes_of(a) == bytes_of(b);
    };
    addresses.erase(std::unique(addresses.begin(), addresses.end(), is_same), addresses.end());
}

}  // namespace caretaker
