// SPDX-License-Identifier: Apache-2.0
// A TCP server for framed requests on several ports: one thread, one poll loop.
#pragma once

#include "tests/sandbox/loopback_socket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

struct FramedReply {
    std::string bytes{};  // sent as they are; empty: nothing
    std::chrono::milliseconds delay{0};
    bool close = false;  // after they were sent
};

/// How one request is told from the next.
enum class Framing {
    length_prefix,  // INT32, big endian, not counting itself
    lines,          // up to a line feed
};

/// Answers the requests of one connection; called with one request at a time, without its frame.
using FramedSession = std::function<FramedReply(std::string_view request)>;

/// Requests begin with their length (INT32, big endian). Requests of one connection are answered in
/// order, the next one is read when the answer before it has left.
class FramedTcpServer {
 public:
    /// Opens `ports` ports; nothing is served before start().
    FramedTcpServer(std::size_t ports, Framing framing);
    /// stop().
    ~FramedTcpServer();
    FramedTcpServer(const FramedTcpServer&) = delete;
    FramedTcpServer& operator=(const FramedTcpServer&) = delete;

    [[nodiscard]] const std::vector<std::uint16_t>& ports() const { return port_numbers_; }

    /// `open_session(i)` is called in the server's thread for each new connection to port i.
    void start(std::function<FramedSession(std::size_t port)> open_session);

    /// Closes a port with its connections, or opens it again under its old number. Returns when
    /// done.
    void set_open(std::size_t port, bool open);

    /// Ends the thread and closes everything; no session is called after it returns. What sessions
    /// refer to may go then. Nothing else may be called after it.
    void stop();

 private:
    class Loop;
    std::vector<std::uint16_t> port_numbers_;
    std::unique_ptr<Loop> loop_;
};

}  // namespace caretaker::sandbox
