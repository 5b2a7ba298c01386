// SPDX-License-Identifier: Apache-2.0
#include "tests/support/free_port.hpp"

#include "common/base/fd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace caretaker::testing {

namespace {

struct BoundSocket {
    Fd fd;
    std::uint16_t port = 0;
};

BoundSocket bind_any_port(int type) {
    BoundSocket bound{Fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0))};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (!bound.fd || ::bind(bound.fd.get(), generic, length) != 0 ||
        ::getsockname(bound.fd.get(), generic, &length) != 0) {
        throw std::system_error(errno, std::generic_category(), "finding a free loopback port");
    }
    bound.port = ntohs(address.sin_port);
    return bound;
}

}  // namespace

std::vector<std::uint16_t> free_tcp_ports(std::size_t count) {
    std::vector<BoundSocket> held;  // all at once, so that no port is given twice
    std::vector<std::uint16_t> ports;
    for (std::size_t i = 0; i < count; ++i) {
        held.push_back(bind_any_port(SOCK_STREAM));
        ports.push_back(held.back().port);
    }
    return ports;
}

std::uint16_t free_tcp_port() {
    return free_tcp_ports(1).front();
}

std::uint16_t free_udp_port() {
    return bind_any_port(SOCK_DGRAM).port;
}

}  // namespace caretaker::testing
