// SPDX-License-Identifier: Apache-2.0
#include "common/base/standard_input.hpp"

#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace caretaker {

std::size_t read_standard_input(std::span<char> buffer, const StopSignal& stop) {
    while (true) {
        std::array<pollfd, 2> entries{pollfd{STDIN_FILENO, POLLIN, 0},
                                      pollfd{stop.wait_fd(), POLLIN, 0}};
        ::poll(entries.data(), entries.size(), -1);
        stop.check();
        if (entries[0].revents == 0) {
            continue;
        }
        const auto length = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (length >= 0) {
            return static_cast<std::size_t>(length);
        }
        if (errno != EINTR && errno != EAGAIN) {
            throw Error(ExitCode::failed,
                        "input",
                        fmt::format("reading standard input: {}; give it a file or a pipe",
                                    std::strerror(errno)));
        }
    }
}

}  // namespace caretaker
