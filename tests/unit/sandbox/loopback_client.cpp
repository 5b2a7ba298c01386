// SPDX-License-Identifier: Apache-2.0
// A blocking TCP client for tests of the sandbox's servers.
#include "loopback_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>

namespace caretaker::sandbox {

LoopbackClient::LoopbackClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        socket_.reset();
    }
}

void LoopbackClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string LoopbackClient::receive(std::size_t bytes) {
    std::string received;
    char chunk[4096];
    while (received.size() < bytes) {
        const auto wanted = std::min(sizeof chunk, bytes - received.size());
        const auto got = recv(socket_.get(), chunk, wanted, 0);
        if (got <= 0) {
            break;
        }
        received.append(chunk, static_cast<std::size_t>(got));
    }
    return received;
}

std::string LoopbackClient::receive_all() {
    return receive(std::numeric_limits<std::size_t>::max());
}

bool LoopbackClient::is_closed() {
    char byte = 0;
    const auto got = recv(socket_.get(), &byte, 1, 0);
    return got == 0 || (got < 0 && errno == ECONNRESET);
}

bool LoopbackClient::is_silent_for(int milliseconds) {
    pollfd polled{socket_.get(), POLLIN, 0};
    return poll(&polled, 1, milliseconds) == 0;
}

}  // namespace caretaker::sandbox
