// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pseudo_terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace caretaker::testing {

namespace {

void check(bool success, const char* what) {
    if (!success) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

}  // namespace

PseudoTerminal::PseudoTerminal() : test_end_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    const int end = test_end_.get();
    if (end < 0 && (errno == ENODEV || errno == ENOENT)) {
        return;
    }
    check(end >= 0, "making a pseudo terminal");
    std::array<char, 64> name{};
    check(::grantpt(end) == 0 && ::unlockpt(end) == 0 &&
              ::ptsname_r(end, name.data(), name.size()) == 0,
          "preparing a pseudo terminal");
    program_end_ = Fd(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    check(program_end_.get() >= 0, "opening a pseudo terminal");
}

void PseudoTerminal::type(std::string_view text) {
    check(::write(test_end_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "typing at a pseudo terminal");
}

void PseudoTerminal::set_width(unsigned short columns) {
    struct winsize size {};

    size.ws_col = columns;
    size.ws_row = 25;
    check(::ioctl(program_end_.get(), TIOCSWINSZ, &size) == 0, "sizing a pseudo terminal");
}

ExitStatus PseudoTerminal::run(Command command, std::string& screen) {
    command.out = Output::fd(program_end());
    command.err = Output::fd(program_end());
    ChildProcess child(command);
    // A terminal holds only some kilobytes that nobody reads; then the program waits.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
        const auto status = child.wait(std::chrono::milliseconds(10));
        drain(screen);
        if (status) {
            return *status;
        }
    }
    return child.kill();
}

void PseudoTerminal::drain(std::string& screen) const {
    pollfd entry{test_end_.get(), POLLIN, 0};
    std::array<char, 4096> bytes{};
    while (::poll(&entry, 1, 0) == 1 && (entry.revents & POLLIN) != 0) {
        const auto length = ::read(test_end_.get(), bytes.data(), bytes.size());
        if (length <= 0) {
            return;
        }
        screen.append(bytes.data(), static_cast<std::size_t>(length));
    }
}

}  // namespace caretaker::testing
