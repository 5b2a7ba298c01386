// SPDX-License-Identifier: Apache-2.0
// Standard input of the process.
#pragma once

#include <cstddef>
#include <span>

namespace caretaker {

class StopSignal;

/// An InputSource over file descriptor 0. Throws Interrupted while it waits, and Error "input"
/// (exit 1) when it cannot be read.
std::size_t read_standard_input(std::span<char> buffer, const StopSignal& stop);

}  // namespace caretaker
