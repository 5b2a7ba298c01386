// SPDX-License-Identifier: Apache-2.0
// Ages as rules say them.
#pragma once

#include "common/text/duration.hpp"

#include <chrono>
#include <string>

namespace caretaker {

/// "10d" where it is whole days, which is how people think of files; else "1h30m". Both can be read
/// back by parse_duration().
inline std::string format_age(std::chrono::milliseconds age) {
    constexpr std::chrono::milliseconds day = std::chrono::hours(24);
    return age >= day && age % day == std::chrono::milliseconds(0) ? std::to_string(age / day) + "d"
                                                                   : format_exact_duration(age);
}

}  // namespace caretaker
