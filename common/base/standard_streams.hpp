// SPDX-License-Identifier: Apache-2.0
// Standard input, output and error of a process that was started without them.
#pragma once

namespace caretaker {

/// Puts something in the place of each standard stream that is closed, so that no file or pipe that
/// is opened later gets its number and what was meant for people. Input ends at once; writing to
/// output or error fails, as it did before. Before anything else is opened.
void occupy_closed_standard_streams() noexcept;

}  // namespace caretaker
