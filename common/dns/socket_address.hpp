// SPDX-License-Identifier: Apache-2.0
// Addresses as the socket API takes them.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    [[nodiscard]] int family() const { return storage.ss_family; }

    [[nodiscard]] const sockaddr* get() const {
        return reinterpret_cast<const sockaddr*>(&storage);  // the way the socket API means it
    }
};

/// What a look-up gave.
struct Resolved {
    std::vector<SocketAddress> addresses{};  // IPv4 and IPv6, each once, the one to use first
    std::string problem{};                   // why there are none
};

/// 4 bytes of IPv4 or 16 bytes of IPv6 in network order; anything else gives no length.
SocketAddress ip_address(std::span<const unsigned char> bytes, std::uint16_t port);

/// Reads "10.0.0.1:53" and "[::1]:53"; nothing for names and for all else.
std::optional<SocketAddress> parse_ip_and_port(std::string_view text);

/// "10.0.0.1:53", "[::1]:53", or a unix socket's path.
std::string format_socket_address(const SocketAddress& address);

/// Sorts by family and bytes and leaves each once.
void sort_addresses(std::vector<SocketAddress>& addresses);

}  // namespace caretaker
