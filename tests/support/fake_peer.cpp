// SPDX-License-Identifier: Apache-2.0
// Reading and writing a socket until the server ends.
#include "tests/support/fake_peer.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>

namespace caretaker {

std::optional<std::string> FakePeer::read_until(std::string_view end) {
    while (received_.find(end) == std::string::npos) {
        if (!receive()) {
            return std::nullopt;
        }
    }
    return take(received_.find(end) + end.size());
}

std::optional<std::string> FakePeer::read_bytes(std::size_t count) {
    while (received_.size() < count) {
        if (!receive()) {
            return std::nullopt;
        }
    }
    return take(count);
}

std::optional<std::string> FakePeer::read_chunks() {
    std::string body;
    while (const auto line = read_until("\r\n")) {
        std::size_t size = 0;
        std::from_chars(line->data(), line->data() + line->size(), size, 16);
        const auto chunk = read_bytes(size + 2);
        if (!chunk || size == 0) {
            return chunk ? std::optional(body) : std::nullopt;
        }
        body += chunk->substr(0, size);
    }
    return std::nullopt;
}

bool FakePeer::write(std::string_view text) {
    while (!text.empty() && wait(POLLOUT)) {
        const auto sent =
            ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) {
            return false;
        }
        text.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    }
    return text.empty();
}

void FakePeer::write_slowly(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!stop_.wait_for(std::chrono::milliseconds(20)) || !write(text.substr(i, 1))) {
            return;
        }
    }
}

PeerEvent FakePeer::wait_for(int fd, std::chrono::milliseconds time) {
    std::array<pollfd, 3> entries{pollfd{socket_.get(), POLLRDHUP, 0},
                                  pollfd{stop_.wait_fd(), POLLIN, 0},
                                  pollfd{fd, POLLIN, 0}};
    const int count = ::poll(entries.data(), entries.size(), static_cast<int>(time.count()));
    if (entries[0].revents != 0 || entries[1].revents != 0) {
        return PeerEvent::gone;
    }
    return count > 0 ? PeerEvent::ready : PeerEvent::time;
}

void FakePeer::reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

bool FakePeer::wait(short events) {
    std::array<pollfd, 2> entries{pollfd{socket_.get(), events, 0},
                                  pollfd{stop_.wait_fd(), POLLIN, 0}};
    ::poll(entries.data(), entries.size(), -1);
    return entries[1].revents == 0;
}

bool FakePeer::receive() {
    std::array<char, 4096> buffer{};
    if (!wait(POLLIN)) {
        return false;
    }
    const auto length = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    received_.append(buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    return length > 0;
}

std::string FakePeer::take(std::size_t count) {
    std::string out = received_.substr(0, count);
    received_.erase(0, count);
    return out;
}

}  // namespace caretaker
