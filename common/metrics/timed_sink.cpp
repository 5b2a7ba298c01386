// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/timed_sink.hpp"

#include <algorithm>
#include <exception>

namespace caretaker {

Delivery TimedSink::send(std::span<const std::string> lines) noexcept {
    if (lines.empty()) {
        return {};
    }
    // Metrics never stop a run, so whatever goes wrong here ends here.
    try {
        SendDeadline deadline(clock_, stop_, budget_);
        Delivery delivery = deliver(lines, deadline);
        budget_ = std::max(std::chrono::milliseconds::zero(), budget_ - deadline.spent());
        return delivery;
    } catch (const std::exception& error) {
        return {.sent = 0, .dropped = lines.size(), .problem = error.what()};
    } catch (...) {
        return {.sent = 0, .dropped = lines.size(), .problem = {}};
    }
}

Delivery all_dropped(std::span<const std::string> lines, std::string_view problem) {
    return {.sent = 0, .dropped = lines.size(), .problem = std::string(problem)};
}

}  // namespace caretaker
