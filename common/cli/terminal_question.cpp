// SPDX-License-Identifier: Apache-2.0
#include "common/cli/terminal_question.hpp"

#include "common/base/stop_signal.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace caretaker {

namespace {

void write_all(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return;  // then nobody sees the question, and the answer will not be yes
        }
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

}  // namespace

std::optional<std::string> ask_at_terminal(std::string_view text, const StopSignal& stop) {
    write_all(text);
    std::string line;
    while (true) {
        std::array<pollfd, 2> entries{pollfd{STDIN_FILENO, POLLIN, 0},
                                      pollfd{stop.wait_fd(), POLLIN, 0}};
        ::poll(entries.data(), entries.size(), -1);
        stop.check();
        if (entries[0].revents == 0) {
            continue;
        }
        char letter = 0;
        const auto length = ::read(STDIN_FILENO, &letter, 1);
        if (length == 0 || (length < 0 && errno != EINTR)) {
            return std::nullopt;
        }
        if (length > 0 && letter == '\n') {
            return line;
        }
        if (length > 0) {
            line += letter;
        }
    }
}

}  // namespace caretaker
