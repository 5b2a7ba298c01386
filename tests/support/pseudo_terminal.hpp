// SPDX-License-Identifier: Apache-2.0
// A terminal without a screen: what a test types stands in for a person.
#pragma once

#include "common/base/fd.hpp"

#include <string>
#include <string_view>

namespace caretaker::testing {

class PseudoTerminal {
 public:
    /// Throws std::system_error.
    PseudoTerminal();

    /// The end that a program takes for a terminal; stays open as long as this object lives.
    [[nodiscard]] int program_end() const { return program_end_.get(); }

    /// As if `text` were typed; a line ends by "\n". Throws std::system_error.
    void type(std::string_view text);

    /// As if the terminal's user pressed Ctrl-D at the beginning of a line: the input ends.
    void end_input() { type("\x04"); }

 private:
    Fd test_end_;
    Fd program_end_;
};

}  // namespace caretaker::testing
