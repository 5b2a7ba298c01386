// SPDX-License-Identifier: Apache-2.0
#include "common/cli/terminal_question.hpp"

#include "common/base/standard_input.hpp"

#include <unistd.h>

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
    char letter = 0;
    while (read_standard_input({&letter, 1}, stop) == 1) {
        if (letter == '\n') {
            return line;
        }
        line += letter;
    }
    return std::nullopt;
}

}  // namespace caretaker
