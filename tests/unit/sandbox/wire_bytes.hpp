// SPDX-License-Identifier: Apache-2.0
// Bytes of the Kafka protocol written by hand, and back to a form that a failed test can show.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// Hexadecimal digits are bytes, 'text' in quotes stands for itself, blanks separate: "0003 'abc'
/// 00".
std::string wire_bytes(std::string_view text);

/// Hexadecimal digits, no blanks.
std::string to_hex(std::string_view bytes);

}  // namespace caretaker::sandbox
