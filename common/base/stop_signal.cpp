// SPDX-License-Identifier: Apache-2.0
#include "common/base/stop_signal.hpp"

#include "common/base/error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace caretaker {

namespace {

std::atomic<StopSignal*> installed{nullptr};

extern "C" void on_stop_signal(int signal) {
    const int saved_errno = errno;
    StopSignal* stop = installed.load(std::memory_order_relaxed);
    if (stop == nullptr || stop->requested()) {
        ::_exit(128 + signal);
    }
    stop->request(signal);
    errno = saved_errno;
}

}  // namespace

StopSignal::StopSignal() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot make the stop pipe");
    }
    read_end_ = Fd(ends[0]);
    write_end_ = Fd(ends[1]);
}

void StopSignal::install(StopSignal& stop) {
    installed = &stop;

    struct sigaction action {};

    action.sa_handler = on_stop_signal;
    ::sigemptyset(&action.sa_mask);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        ::sigaction(signal, &action, nullptr);
    }
    std::signal(SIGPIPE, SIG_IGN);
}

bool StopSignal::wait_for(std::chrono::milliseconds duration) const {
    using Steady = std::chrono::steady_clock;
    const auto deadline = Steady::now() + duration;
    while (!requested()) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
        if (left <= 0) {
            return true;
        }

        struct pollfd entry {
            .fd = read_end_.get(), .events = POLLIN, .revents = 0
        };

        ::poll(&entry, 1, static_cast<int>(left));
    }
    return false;
}

void StopSignal::request(int signal) noexcept {
    int none = 0;
    signal_.compare_exchange_strong(none, signal, std::memory_order_relaxed);
    const char byte = 0;
    [[maybe_unused]] const auto written = ::write(write_end_.get(), &byte, 1);
}

void StopSignal::check() const {
    if (requested()) {
        throw Interrupted(signal());
    }
}

}  // namespace caretaker
