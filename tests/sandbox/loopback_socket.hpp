// SPDX-License-Identifier: Apache-2.0
// Sockets on 127.0.0.1 with ports chosen by the kernel.
#pragma once

#include "common/base/fd.hpp"

#include <cstdint>
#include <string>

namespace caretaker::sandbox {

/// A TCP or UDP socket (SOCK_STREAM, SOCK_DGRAM) bound to 127.0.0.1, not blocking, closed on exec;
/// port 0: any. TCP ports may be shared, so that a port can be kept while nothing listens on it.
/// Throws std::system_error, as all here.
Fd bind_loopback(int type, std::uint16_t port);

void listen_on(const Fd& socket);

std::uint16_t local_port(const Fd& socket);

/// A connection waiting at a listener, not blocking, without Nagle's delay; an empty Fd when there
/// is none.
Fd accept_from(const Fd& listener);

/// "127.0.0.1:PORT"
std::string loopback_address(std::uint16_t port);

/// A descriptor that another thread can make readable.
class WakeUp {
 public:
    WakeUp();

    void wake() noexcept;
    void clear() noexcept;

    [[nodiscard]] int fd() const noexcept { return event_.get(); }

 private:
    Fd event_;
};

}  // namespace caretaker::sandbox
