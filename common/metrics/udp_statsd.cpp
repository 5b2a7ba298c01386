// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/udp_statsd.hpp"

#include "common/metrics/statsd_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t burst = 10;
constexpr milliseconds pause{5};

std::string error_text(int error) {
    return std::generic_category().message(error);
}

/// The error that came back for something sent earlier; asking clears it.
int pending_error(const Fd& socket) {
    int error = 0;
    socklen_t length = sizeof(error);
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
    return error;
}

}  // namespace

bool UdpStatsd::open(SendDeadline& deadline) {
    if (socket_ || !problem_.empty()) {
        return problem_.empty();
    }
    const Resolved& resolved = endpoint_.resolve(deadline);
    untried_.assign(resolved.addresses.rbegin(), resolved.addresses.rend());
    if (!connect_next()) {
        const int error = errno;
        problem_ = fmt::format("sending metrics to {}: {}; check statsd.address",
                               endpoint_.text(),
                               resolved.problem.empty() ? error_text(error) : resolved.problem);
    }
    return problem_.empty();
}

bool UdpStatsd::connect_next() {
    while (!untried_.empty()) {
        const SocketAddress address = untried_.back();
        untried_.pop_back();
        Fd socket(::socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
        if (socket && ::connect(socket.get(), address.get(), address.length) == 0) {
            socket_ = std::move(socket);
            return true;
        }
    }
    return false;
}

/// 0 or the errno that tells why the datagram is lost.
int UdpStatsd::transmit(const std::string& payload, SendDeadline& deadline) {
    while (::send(socket_.get(), payload.data(), payload.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        const bool is_full = errno == EAGAIN || errno == ENOBUFS;
        if (is_full && deadline.left() > pause) {
            clock().wait(pause, never_);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return pending_error(socket_);
}

/// On one host a refusal comes back at once: `localhost` may be two addresses, and the server
/// listen on one.
int UdpStatsd::send_datagram(const std::string& payload, SendDeadline& deadline) {
    int error = transmit(payload, deadline);
    while (error == ECONNREFUSED && !settled_ && connect_next()) {
        error = transmit(payload, deadline);
    }
    settled_ = true;
    return error;
}

Delivery UdpStatsd::deliver(std::span<const std::string> lines, SendDeadline& deadline) {
    if (!open(deadline)) {
        return all_dropped(lines, problem_);
    }
    const Datagrams packed = pack_datagrams(lines, max_payload_);
    Delivery out{.sent = 0, .dropped = packed.dropped, .problem = {}};
    if (packed.dropped > 0) {
        out.problem = fmt::format(
            "packing metrics: lines longer than {} bytes were left out; raise "
            "statsd.max_payload or shorten statsd.prefix",
            max_payload_);
    }
    const auto drop = [&](const Datagram& datagram, std::string_view why) {
        out.dropped += datagram.lines;
        if (out.problem.empty()) {
            out.problem = fmt::format("sending metrics to {}: {}", endpoint_.text(), why);
        }
    };
    std::size_t in_burst = 0;
    for (const Datagram& datagram : packed.datagrams) {
        if (in_burst == burst && deadline.left() > pause) {
            clock().wait(pause, never_);
            in_burst = 0;
        }
        if (in_burst == burst || deadline.left() == milliseconds::zero()) {
            drop(datagram, "the time for metrics was over");
            continue;
        }
        ++in_burst;
        if (const int error = send_datagram(datagram.payload, deadline); error != 0) {
            drop(datagram, error_text(error) + "; check statsd.address");
        } else {
            out.sent += datagram.lines;
        }
    }
    return out;
}

}  // namespace caretaker
