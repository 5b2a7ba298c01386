// SPDX-License-Identifier: Apache-2.0
// Numbers of JSON as times and counts, within what can be computed with.
#pragma once

#include "common/base/wall_time.hpp"
#include "common/json/json_view.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>

namespace caretaker {

/// Milliseconds since 1970, up to the year 9999. Throws JsonError.
inline WallTime read_json_time(JsonView value) {
    constexpr double last = 253'402'300'799'999.0;
    const double ms = value.number();
    if (!(ms >= 0 && ms <= last)) {
        value.fail("is no time between 1970 and 9999");
    }
    return WallTime(std::chrono::milliseconds(std::llround(ms)));
}

/// A count or a length, fractions cut off; at most 2^53. Throws JsonError.
inline std::int64_t read_json_count(JsonView value) {
    constexpr double most = 9'007'199'254'740'992.0;
    const double number = value.number();
    if (!(number >= 0 && number <= most)) {
        value.fail("is no count");
    }
    return static_cast<std::int64_t>(number);
}

/// A length in milliseconds, at most ten years. Throws JsonError.
inline std::chrono::milliseconds read_json_length(JsonView value) {
    constexpr double longest = 3'650.0 * 86'400'000.0;
    const double number = value.number();
    if (!(number >= 0 && number <= longest)) {
        value.fail("is no length of time of up to ten years");
    }
    return std::chrono::milliseconds(std::llround(number));
}

}  // namespace caretaker
