// SPDX-License-Identifier: Apache-2.0
// Sockets of loopback for tests of sinks.
#include "tests/integration/metrics/statsd_receivers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <iterator>
#include <system_error>

namespace caretaker {

namespace {

void check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

/// A socket bound to a port that the kernel chose, and that port.
std::pair<Fd, std::uint16_t> bind_loopback(const std::string& host, int type) {
    sockaddr_in6 v6{};
    sockaddr_in v4{};
    const bool is_v6 = host == "::1";
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* address = is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
    socklen_t length = is_v6 ? sizeof(v6) : sizeof(v4);
    Fd socket(::socket(is_v6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0));
    check(::bind(socket.get(), address, length), "bind");
    check(::getsockname(socket.get(), address, &length), "getsockname");
    return {std::move(socket), ntohs(is_v6 ? v6.sin6_port : v4.sin_port)};
}

}  // namespace

DatagramReceiver DatagramReceiver::udp(const std::string& host) {
    auto [socket, port] = bind_loopback(host, SOCK_DGRAM);
    return {std::move(socket), port};
}

DatagramReceiver DatagramReceiver::unix_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(std::begin(address.sun_path), sizeof(address.sun_path) - 1);
    Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    check(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), "bind");
    return {std::move(socket), 0};
}

std::vector<std::string> DatagramReceiver::take() {
    std::vector<std::string> out;
    std::array<char, 65'536> buffer{};
    while (true) {
        const auto length = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (length < 0) {
            return out;
        }
        out.emplace_back(buffer.data(), static_cast<std::size_t>(length));
    }
}

StreamReceiver::StreamReceiver(int connections) {
    auto [socket, port] = bind_loopback("127.0.0.1", SOCK_STREAM);
    check(::listen(socket.get(), 4), "listen");
    listener_ = std::move(socket);
    port_ = port;
    reader_ = std::thread([this, connections] {
        for (int i = 0; i < connections; ++i) {
            const Fd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            std::array<char, 4096> buffer{};
            while (true) {
                const auto length = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
                if (length <= 0) {
                    break;
                }
                text_.append(buffer.data(), static_cast<std::size_t>(length));
            }
        }
    });
}

StreamReceiver::~StreamReceiver() {
    ::shutdown(listener_.get(), SHUT_RDWR);  // wakes an accept that nobody will answer
    text();
}

std::string StreamReceiver::text() {
    if (reader_.joinable()) {
        reader_.join();
    }
    return text_;
}

}  // namespace caretaker
