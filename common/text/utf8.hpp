// SPDX-License-Identifier: Apache-2.0
// UTF-8 from outside: names may hold any bytes, output may not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace caretaker {

/// The length in bytes of the well-formed UTF-8 sequence at the front of `text`; 0 when there is
/// none.
std::size_t utf8_sequence_length(std::string_view text);

/// `text` with each byte that is not part of well-formed UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

}  // namespace caretaker
