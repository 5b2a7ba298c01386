// SPDX-License-Identifier: Apache-2.0
// Standard input as a command sees it; tests give it a text.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace caretaker {

/// Puts the next bytes into the buffer and returns their number, 0 at the end. Throws Error.
using InputSource = std::function<std::size_t(std::span<char>)>;

}  // namespace caretaker
