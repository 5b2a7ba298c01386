// SPDX-License-Identifier: Apache-2.0
// A StatsD server that only listens: UDP on loopback, received lines kept for tests.
#include "tests/sandbox/statsd_listener.hpp"

#include "tests/sandbox/loopback_socket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace caretaker::sandbox {

namespace {

constexpr std::size_t largest_udp_payload = 65'535;
constexpr int receive_buffer = 8 << 20;  // as much as the kernel grants: bursts must not get lost

}  // namespace

struct StatsdListener::State {
    State(std::function<void(std::string_view)> call, std::size_t keep)
        : socket(bind_loopback(SOCK_DGRAM, 0)), on_line(std::move(call)), keep_lines(keep) {
        setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        thread = std::thread([this] { run(); });
    }

    ~State() {
        stop = true;
        wake_up.wake();
        thread.join();
    }

    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void run() {
        std::vector<char> payload(largest_udp_payload);
        while (!stop) {
            pollfd polled[] = {{wake_up.fd(), POLLIN, 0}, {socket.get(), POLLIN, 0}};
            poll(polled, std::size(polled), -1);
            for (;;) {
                const auto got = recv(socket.get(), payload.data(), payload.size(), 0);
                if (got < 0) {
                    break;
                }
                take({payload.data(), static_cast<std::size_t>(got)});
            }
        }
    }

    void take(std::string_view datagram) {
        std::vector<std::string_view> arrived;
        for (auto rest = datagram; !rest.empty();) {
            const auto end = rest.find('\n');
            const auto line = rest.substr(0, end);
            if (!line.empty()) {
                arrived.push_back(line);
            }
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        }
        if (on_line) {
            std::ranges::for_each(arrived, on_line);
        }
        const std::lock_guard lock(mutex);
        ++datagrams;
        largest = std::max(largest, datagram.size());
        for (const auto line : arrived) {
            if (lines.size() < keep_lines) {
                lines.emplace_back(line);
            }
        }
        grown.notify_all();
    }

    Fd socket;
    WakeUp wake_up;
    std::function<void(std::string_view)> on_line;
    std::size_t keep_lines;
    std::atomic<bool> stop{false};
    mutable std::mutex mutex;
    mutable std::condition_variable grown;
    std::vector<std::string> lines;
    std::uint64_t datagrams = 0;
    std::size_t largest = 0;
    std::thread thread;
};

StatsdListener::StatsdListener(std::function<void(std::string_view)> on_line,
                               std::size_t keep_lines)
    : state_(std::make_unique<State>(std::move(on_line), keep_lines)) {}

StatsdListener::~StatsdListener() = default;

std::string StatsdListener::address() const {
    return loopback_address(port());
}

std::uint16_t StatsdListener::port() const {
    return local_port(state_->socket);
}

std::vector<std::string> StatsdListener::lines() const {
    const std::lock_guard lock(state_->mutex);
    return state_->lines;
}

bool StatsdListener::wait_for(std::size_t count, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(state_->mutex);
    return state_->grown.wait_for(lock, timeout, [&] { return state_->lines.size() >= count; });
}

std::uint64_t StatsdListener::datagrams() const {
    const std::lock_guard lock(state_->mutex);
    return state_->datagrams;
}

std::size_t StatsdListener::largest_datagram() const {
    const std::lock_guard lock(state_->mutex);
    return state_->largest;
}

void StatsdListener::clear() {
    const std::lock_guard lock(state_->mutex);
    state_->lines.clear();
    state_->datagrams = 0;
    state_->largest = 0;
}

}  // namespace caretaker::sandbox
