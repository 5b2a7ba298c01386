// SPDX-License-Identifier: Apache-2.0
// Starting a program by fork and exec; ChildProcess is what tests use.
#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::testing {

/// Starts a program in a process group of its own, with `environment` ("NAME=value") and with
/// `streams` as its standard input, output and error. It gets SIGKILL when the calling thread ends.
/// Throws std::system_error when the program cannot be executed.
pid_t spawn(std::vector<std::string> argv,
            std::vector<std::string> environment,
            const std::string& directory,
            const std::array<int, 3>& streams);

/// The path of a program in PATH, unset when there is none.
std::optional<std::string> find_program(std::string_view name);

}  // namespace caretaker::testing
