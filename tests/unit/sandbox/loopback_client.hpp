// SPDX-License-Identifier: Apache-2.0
// A blocking TCP client for tests of the sandbox's servers.
#pragma once

#include "common/base/fd.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// Waits at most ten seconds for anything, so that a broken server fails a test and does not hang
/// it.
class LoopbackClient {
 public:
    /// Connects to 127.0.0.1; connected() tells whether that worked.
    explicit LoopbackClient(std::uint16_t port);

    [[nodiscard]] bool connected() const { return static_cast<bool>(socket_); }

    void send(std::string_view bytes);

    /// So many bytes, fewer if the server closed the connection or time was up.
    std::string receive(std::size_t bytes);

    /// Everything up to the end of the connection.
    std::string receive_all();

    /// The server ends the connection, and sends nothing before.
    bool is_closed();

    /// Nothing has arrived within `milliseconds`, and the connection is open.
    bool is_silent_for(int milliseconds);

 private:
    Fd socket_;
};

}  // namespace caretaker::sandbox
