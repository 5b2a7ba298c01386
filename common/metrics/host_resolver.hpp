// SPDX-License-Identifier: Apache-2.0
// Host names to socket addresses, within a time limit that getaddrinfo(3) itself does not have.
#pragma once

#include "common/metrics/send_deadline.hpp"

#include <sys/socket.h>

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
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

struct Resolved {
    std::vector<SocketAddress> addresses{};  // IPv4 and IPv6, sorted, each once
    std::string problem{};                   // why there are none
};

/// Looks the name up; an address is its own answer. After `limit` the look-up is left to itself:
/// its thread ends when the resolver gives up, or with the process.
Resolved resolve_host(const std::string& host,
                      std::uint16_t port,
                      std::chrono::milliseconds limit,
                      SendDeadline& deadline);

}  // namespace caretaker
