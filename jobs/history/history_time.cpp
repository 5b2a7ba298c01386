// SPDX-License-Identifier: Apache-2.0
#include "jobs/history/history_time.hpp"

#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

namespace caretaker {

std::optional<WallTime> parse_time_or_age(std::string_view text, WallTime now) {
    if (const auto age = parse_duration(text)) {
        return now - *age;
    }
    return parse_rfc3339(text);
}

}  // namespace caretaker
