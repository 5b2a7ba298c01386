// SPDX-License-Identifier: Apache-2.0
// Sockets on 127.0.0.1 with ports chosen by the kernel.
#include "tests/sandbox/loopback_socket.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace caretaker::sandbox {

namespace {

[[noreturn]] void fail(const char* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

void switch_on(int socket, int level, int option) {
    const int on = 1;
    if (setsockopt(socket, level, option, &on, sizeof on) != 0) {
        fail("setting a socket option");
    }
}

}  // namespace

Fd bind_loopback(int type, std::uint16_t port) {
    Fd bound(socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!bound) {
        fail("opening a socket");
    }
    if (type == SOCK_STREAM) {
        switch_on(bound.get(), SOL_SOCKET, SO_REUSEPORT);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(bound.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        fail("binding a socket to 127.0.0.1");
    }
    return bound;
}

void listen_on(const Fd& socket) {
    if (listen(socket.get(), SOMAXCONN) != 0) {
        fail("listening on 127.0.0.1");
    }
}

std::uint16_t local_port(const Fd& socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        fail("asking a socket for its port");
    }
    return ntohs(address.sin_port);
}

Fd accept_from(const Fd& listener) {
    Fd connection(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (connection) {
        switch_on(connection.get(), IPPROTO_TCP, TCP_NODELAY);
    }
    return connection;
}

std::string loopback_address(std::uint16_t port) {
    return fmt::format("127.0.0.1:{}", port);
}

WakeUp::WakeUp() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) {
        fail("opening an eventfd");
    }
}

// Neither call can fail in a way that matters: a full counter is readable, an empty one is clear.
void WakeUp::wake() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(event_.get(), &one, sizeof one);
}

void WakeUp::clear() noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = read(event_.get(), &count, sizeof count);
}

}  // namespace caretaker::sandbox
