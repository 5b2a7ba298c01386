// SPDX-License-Identifier: Apache-2.0
// The sink of tests that look at metrics.
#include "tests/support/recording_sink.hpp"

namespace caretaker {

Delivery RecordingSink::send(std::span<const std::string> lines) noexcept {
    ++sent_->calls;
    if (!sent_->problem.empty() && !lines.empty()) {
        return {.sent = 0, .dropped = lines.size(), .problem = sent_->problem};
    }
    sent_->lines.insert(sent_->lines.end(), lines.begin(), lines.end());
    return {.sent = lines.size(), .dropped = 0, .problem = {}};
}

}  // namespace caretaker
