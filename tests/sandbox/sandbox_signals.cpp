// SPDX-License-Identifier: Apache-2.0
// The signals that the sandbox obeys: SIGTERM and SIGINT end it, SIGUSR1 asks for the counts.
#include "tests/sandbox/sandbox_signals.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace caretaker::sandbox {

SandboxSignals::SandboxSignals() {
    sigset_t taken;
    sigemptyset(&taken);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
        sigaddset(&taken, signal);
    }
    sigprocmask(SIG_BLOCK, &taken, nullptr);
    signal(SIGPIPE, SIG_IGN);
    signals_ = Fd(signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) {
        throw std::system_error(errno, std::generic_category(), "opening a signalfd");
    }
}

SandboxEvent SandboxSignals::wait_until(std::chrono::steady_clock::time_point time) const {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(time - std::chrono::steady_clock::now());
    pollfd polled{signals_.get(), POLLIN, 0};
    poll(&polled, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    signalfd_siginfo received{};
    if (read(signals_.get(), &received, sizeof received) != sizeof received) {
        return SandboxEvent::time;
    }
    return received.ssi_signo == SIGUSR1 ? SandboxEvent::counts : SandboxEvent::stop;
}

void request_sandbox_stop() {
    kill(getpid(), SIGTERM);
}

}  // namespace caretaker::sandbox
