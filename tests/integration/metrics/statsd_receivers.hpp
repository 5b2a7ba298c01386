// SPDX-License-Identifier: Apache-2.0
// Stand-ins for StatsD servers: what arrives on a socket, as it arrived.
#pragma once

#include "common/base/fd.hpp"

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace caretaker {

/// A UDP port of loopback, or a unix datagram socket. Loopback delivers before send() returns, so
/// what was sent can be read without waiting.
class DatagramReceiver {
 public:
    /// `host`: "127.0.0.1" or "::1".
    static DatagramReceiver udp(const std::string& host);
    static DatagramReceiver unix_socket(const std::string& path);

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// Everything that arrived since the last call.
    std::vector<std::string> take();

 private:
    DatagramReceiver(Fd socket, std::uint16_t port) : socket_(std::move(socket)), port_(port) {}

    Fd socket_;
    std::uint16_t port_;
};

/// A TCP port of 127.0.0.1 that reads `connections` connections to their end, one after the other.
class StreamReceiver {
 public:
    explicit StreamReceiver(int connections);
    ~StreamReceiver();
    StreamReceiver(const StreamReceiver&) = delete;
    StreamReceiver& operator=(const StreamReceiver&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// Waits for the last connection's end.
    std::string text();

 private:
    Fd listener_{};
    std::uint16_t port_ = 0;
    std::string text_{};
    std::thread reader_{};
};

}  // namespace caretaker
