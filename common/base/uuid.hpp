// SPDX-License-Identifier: Apache-2.0
// Run ids: UUIDs that sort by the time they were made.
#pragma once

#include "common/base/clock.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace caretaker {

/// The random part of a version 7 UUID; 6 of the 80 bits give way to version and variant.
using UuidRandom = std::array<std::uint8_t, 10>;

/// The text form, 36 characters in lower case, of a version 7 UUID (RFC 9562, section 5.7). Ids of
/// different milliseconds sort by time, those of one millisecond do not. Times before 1970 count as
/// 1970.
std::string format_uuid7(WallTime time, const UuidRandom& random);

/// A new id with random bytes of the kernel. Throws Error where there are none.
std::string make_uuid7(WallTime now);

}  // namespace caretaker
