// SPDX-License-Identifier: Apache-2.0
#include "common/output/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

namespace caretaker {

Console::Console(int fd) : fd_(fd), terminal_(::isatty(fd) == 1) {}

std::size_t Console::width() const {
    struct winsize size {};

    if (!terminal_ || ::ioctl(fd_, TIOCGWINSZ, &size) != 0) {
        return 0;
    }
    return size.ws_col;
}

void Console::write(std::string_view text) {
    while (!text.empty() && error_ == 0) {
        const auto written = ::write(fd_, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            error_ = errno;
        }
    }
}

}  // namespace caretaker
