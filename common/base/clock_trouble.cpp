// SPDX-License-Identifier: Apache-2.0
#include "common/base/clock_trouble.hpp"

#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

namespace caretaker {

std::optional<std::string> find_clock_trouble(const ClockFacts& facts) {
    const std::string now = format_rfc3339(facts.now);
    const auto built = parse_rfc3339(facts.build_date);
    if (built && facts.now < *built) {
        return fmt::format(
            "the clock says {}, but this caretaker was made at {}; set the clock right",
            now,
            facts.build_date);
    }
    if (facts.newest_end && facts.now + clock_tolerance < *facts.newest_end) {
        return fmt::format(
            "the clock says {}, but a run on this host ended at {}; set the clock right, or, if it "
            "was wrong then, wait until that time has passed",
            now,
            format_rfc3339(*facts.newest_end));
    }
    if (facts.ahead && std::chrono::abs(*facts.ahead) > clock_tolerance) {
        return fmt::format("the clock says {}, that of {} is {} {}; set the wrong one right",
                           now,
                           facts.service,
                           format_duration(std::chrono::abs(*facts.ahead)),
                           facts.ahead->count() > 0 ? "ahead" : "behind");
    }
    return std::nullopt;
}

}  // namespace caretaker
