// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/tcp_statsd.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds connect_timeout{1'000};
constexpr milliseconds close_timeout{500};

bool is_ready(int fd, short events, milliseconds limit) {
    struct pollfd entry {
        .fd = fd, .events = events, .revents = 0
    };

    return ::poll(&entry, 1, static_cast<int>(limit.count())) > 0;
}

bool wait_ready(const Fd& socket, short events, milliseconds limit, SendDeadline& deadline) {
    return deadline.wait(limit,
                         [&](milliseconds slice) { return is_ready(socket.get(), events, slice); });
}

/// 0, or the errno that tells why there is no connection.
int connect_within(const Fd& socket, const SocketAddress& address, SendDeadline& deadline) {
    if (::connect(socket.get(), address.get(), address.length) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS) {
        return errno;
    }
    if (!wait_ready(socket, POLLOUT, connect_timeout, deadline)) {
        return ETIMEDOUT;
    }
    int error = 0;
    socklen_t length = sizeof(error);
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
    return error;
}

/// 0, or the errno that tells why not everything was written.
int write_all(const Fd& socket, std::string_view text, SendDeadline& deadline) {
    while (!text.empty()) {
        const auto written = ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            if (!wait_ready(socket, POLLOUT, deadline.left(), deadline)) {
                return ETIMEDOUT;
            }
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

/// Says that nothing more comes and waits for the server's end of the connection, since a reset on
/// the way may throw away what it has not read yet. A server that keeps the connection open is no
/// error.
int finish(const Fd& socket, SendDeadline& deadline) {
    ::shutdown(socket.get(), SHUT_WR);
    std::array<char, 512> ignored{};
    while (wait_ready(socket, POLLIN, close_timeout, deadline)) {
        const auto length = ::recv(socket.get(), ignored.data(), ignored.size(), 0);
        if (length == 0) {
            return 0;
        }
        if (length < 0 && errno != EINTR && errno != EAGAIN) {
            return errno;
        }
    }
    return 0;
}

}  // namespace

Fd TcpStatsd::connect(SendDeadline& deadline) {
    const Resolved& resolved = endpoint_.resolve(deadline);
    int error = 0;
    for (const SocketAddress& address : resolved.addresses) {
        Fd socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        error = socket ? connect_within(socket, address, deadline) : errno;
        if (error == 0) {
            return socket;
        }
    }
    problem_ = fmt::format("sending metrics to {}: {}; check statsd.address",
                           endpoint_.text(),
                           error == 0 ? resolved.problem : std::generic_category().message(error));
    return {};
}

Delivery TcpStatsd::deliver(std::span<const std::string> lines, SendDeadline& deadline) {
    if (!problem_.empty()) {
        return all_dropped(lines, problem_);
    }
    const Fd socket = connect(deadline);
    if (!socket) {
        return all_dropped(lines, problem_);
    }
    std::string text;
    for (const std::string& line : lines) {
        text += line;
        text += '\n';
    }
    int error = write_all(socket, text, deadline);
    if (error == 0) {
        error = finish(socket, deadline);
    }
    if (error != 0) {
        return all_dropped(lines,
                           fmt::format("sending metrics to {}: {}",
                                       endpoint_.text(),
                                       std::generic_category().message(error)));
    }
    return {.sent = lines.size(), .dropped = 0, .problem = {}};
}

}  // namespace caretaker
