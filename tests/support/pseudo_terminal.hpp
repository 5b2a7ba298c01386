// SPDX-License-Identifier: Apache-2.0
// A terminal without a screen: what a test types stands in for a person.
#pragma once

#include "common/base/fd.hpp"
#include "tests/support/child_process.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace caretaker::testing {

class PseudoTerminal {
 public:
    /// Throws std::system_error.
    PseudoTerminal();

    /// False where the system has none, e.g. in a root without /dev/pts.
    [[nodiscard]] bool is_available() const { return static_cast<bool>(test_end_); }

    /// The end that a program takes for a terminal; stays open as long as this object lives.
    [[nodiscard]] int program_end() const { return program_end_.get(); }

    /// As if `text` were typed; a line ends by "\n". Throws std::system_error.
    void type(std::string_view text);

    /// As if its window had so many columns. Throws std::system_error.
    void set_width(unsigned short columns);

    /// Runs `command` with standard output and error at the terminal, to its end.
    /// `screen` gets all that they wrote, each line ending in "\r\n" as a terminal makes it.
    ExitStatus run(Command command, std::string& screen);

    /// As if the terminal's user pressed Ctrl-D at the beginning of a line: the input ends.
    void end_input() { type("\x04"); }

 private:
    /// Moves what the program has written so far to the end of `screen`.
    void drain(std::string& screen) const;

    Fd test_end_;
    Fd program_end_;
};

/// For tests that need one.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): only a macro can end the test that uses it
#define SKIP_WITHOUT_TERMINAL(terminal)                                               \
    if (!(terminal).is_available()) {                                                 \
        GTEST_SKIP() << "NOT TESTED: no pseudo terminal can be made, mount /dev/pts"; \
    }

}  // namespace caretaker::testing
