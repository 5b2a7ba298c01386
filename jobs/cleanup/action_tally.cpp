// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/action_tally.hpp"

#include "jobs/cleanup/directory.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace caretaker {

void ActionTally::add(Result result,
                      std::uint8_t error,
                      std::int64_t freed,
                      const std::string& why) {
    ++tried;
    bytes += freed;
    changed += result == Result::changed ? 1 : 0;
    if (result == Result::failed) {
        ++failed;
        refused = refused && (error == EPERM || error == EACCES);
        if (first_failure.empty()) {
            first_failure = why.empty() ? describe_errno(error) : why;
        }
    }
}

ActionResult ActionTally::result(std::size_t planned) const {
    ActionResult result{.bytes = bytes};
    if (failed > 0) {
        result.state = ActionState::failed;
        result.refused = refused;
        result.error = planned == 1 ? first_failure
                                    : fmt::format("{} of {}: {}", failed, planned, first_failure);
    } else if (tried < planned) {
        result.state = tried == 0 ? ActionState::skipped : ActionState::failed;
        result.error = fmt::format("stopped after {} of {}", tried, planned);
    } else if (changed == planned) {
        result.state = ActionState::skipped;
        result.error = "changed since it was planned";
    } else if (changed > 0) {
        result.error = fmt::format("{} of {} changed since and stay", changed, planned);
    }
    return result;
}

}  // namespace caretaker
