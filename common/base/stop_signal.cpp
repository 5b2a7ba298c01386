// SPDX-License-Identifier: Apache-2.0
#include "common/base/stop_signal.hpp"

#include "common/base/error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

// What a signal handler reaches has to be global.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<StopSignal*> installed{nullptr};
std::atomic<bool> signalled{false};  // by a real signal, not by the time limit
std::atomic<bool> has_timer{false};
timer_t timer{};

// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void start_timer(std::chrono::milliseconds time) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const std::chrono::nanoseconds rest = time - seconds;

    const struct itimerspec once {
        .it_interval = {}, .it_value = {.tv_sec = seconds.count(), .tv_nsec = rest.count() }
    };

    ::timer_settime(timer, 0, &once, nullptr);  // async-signal-safe
}

[[noreturn]] void end_now(int signal) noexcept {
    ::_exit(static_cast<int>(exit_code_of_stop(signal)));
}

[[noreturn]] void end_as_last_resort(int signal) noexcept {
    constexpr std::string_view words =
        "caretaker: something held up the end of this run; it ends here, and the next one marks it "
        "as lost\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, words.data(), words.size());
    end_now(signal);
}

extern "C" void on_stop_signal(int signal) {
    const int saved_errno = errno;
    StopSignal* stop = installed.load(std::memory_order_relaxed);
    const bool from_timer = signal == StopSignal::time_limit;
    if (stop == nullptr || (!from_timer && signalled.exchange(true))) {
        end_now(signal);
    }
    if (!stop->requested()) {
        stop->request(signal);
        if (has_timer) {
            start_timer(StopSignal::last_resort);
        }
    } else if (from_timer) {
        end_as_last_resort(stop->signal());
    }
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
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, time_limit}) {
        ::sigaction(signal, &action, nullptr);
    }
    std::signal(SIGPIPE, SIG_IGN);
    // Without a timer (no memory in the kernel) the waits alone keep the time.
    has_timer = ::timer_create(CLOCK_MONOTONIC, nullptr, &timer) == 0;
}

// NOLINTNEXTLINE(readability-make-member-function-const): it is the signal that gets the limit
void StopSignal::limit_time(std::chrono::milliseconds limit) {
    if (!has_timer) {
        throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                                "setting the time limit of the run: the system has no timer left");
    }
    start_timer(limit);
    if (requested()) {  // before or just now: that has less time
        start_timer(last_resort);
    }
}

void StopSignal::lose_lease() noexcept {
    const bool is_first = !requested();
    request(lease_lost);
    if (is_first && has_timer && installed == this) {
        start_timer(last_resort);
    }
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

ExitCode exit_code_of_stop(int signal) {
    if (signal == StopSignal::time_limit) {
        return ExitCode::timeout;
    }
    return signal == StopSignal::lease_lost ? ExitCode::braked : exit_code_for_signal(signal);
}

}  // namespace caretaker
