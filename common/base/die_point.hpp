// SPDX-License-Identifier: Apache-2.0
// Places where a test may let the process die as if it were killed.
#pragma once

#include <string_view>

namespace caretaker {

/// In debug builds: sends SIGKILL to the process when CARETAKER_TEST_DIE_AT is "NAME" or "NAME:N"
/// and this is the Nth (the first) time that the point of that name is passed. In release builds it
/// does nothing.
void die_point(std::string_view name) noexcept;

}  // namespace caretaker
