// SPDX-License-Identifier: Apache-2.0
// Points in time as text: RFC 3339, UTC.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// "2026-05-04T03:15:07.123Z". Times outside the years 0000 to 9999 show as the nearest one within.
std::string format_rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time);

/// Reads RFC 3339 with "Z" or an offset and any number of decimals (those past milliseconds are cut
/// off), and a plain date, which means its first instant in UTC. Leap seconds (":60") are refused.
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> parse_rfc3339(
    std::string_view text);

}  // namespace caretaker
