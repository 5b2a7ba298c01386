// SPDX-License-Identifier: Apache-2.0
#include "common/base/time_argument.hpp"

#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

namespace caretaker {

std::optional<WallTime> parse_past_time(std::string_view text, WallTime now) {
    if (const auto age = parse_duration(text)) {
        return now - *age;
    }
    return parse_rfc3339(text);
}

std::optional<WallTime> parse_future_time(std::string_view text, WallTime now) {
    if (const auto wait = parse_duration(text)) {
        return *wait > WallTime::max() - now ? WallTime::max() : now + *wait;
    }
    return parse_rfc3339(text);
}

}  // namespace caretaker
