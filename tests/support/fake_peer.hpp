// SPDX-License-Identifier: Apache-2.0
// The server's end of one connection.
#pragma once

#include "common/base/fd.hpp"
#include "common/base/stop_signal.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

enum class PeerEvent {
    ready,  // the descriptor can be read
    time,   // the time is over
    gone,   // the client has closed, or the server ends
};

/// Every wait ends when the server does.
class FakePeer {
 public:
    FakePeer(const Fd& socket, const StopSignal& stop) : socket_(socket), stop_(stop) {}

    /// The next byte, -1 at the end.
    int peek() { return received_.empty() && !receive() ? -1 : received_.front(); }

    /// Up to and including `end`; nothing when the client is gone or the server ends.
    std::optional<std::string> read_until(std::string_view end);

    std::optional<std::string> read_bytes(std::size_t count);

    /// A body in chunks (RFC 9112, section 7.1), put together.
    std::optional<std::string> read_chunks();

    /// False when the client is gone or the server ends.
    bool write(std::string_view text);

    /// A byte every 20 ms.
    void write_slowly(std::string_view text);

    /// Waits until `fd` can be read, for `time` at most.
    PeerEvent wait_for(int fd, std::chrono::milliseconds time);

    void wait_for_the_end() { static_cast<void>(stop_.wait_for(std::chrono::hours(1))); }

    /// What closes the connection later resets it.
    void reset();

 private:
    bool wait(short events);
    bool receive();
    std::string take(std::size_t count);

    const Fd& socket_;
    const StopSignal& stop_;
    std::string received_{};
};

}  // namespace caretaker
