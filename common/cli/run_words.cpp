// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_words.hpp"

#include "common/text/timestamp.hpp"

#include <fmt/format.h>

namespace caretaker {

std::string describe_hold(const Hold& hold) {
    return fmt::format("{}on hold until {} by {}: {}",
                       hold.scope == hold_of_all ? "all jobs are " : "",
                       format_rfc3339(hold.until),
                       hold.by,
                       hold.reason);
}

std::string describe_lock(const RunLocks& locks, std::string_view job) {
    if (locks.name == job) {
        return "another run of this job and target is under way: " + locks.holder;
    }
    return fmt::format(
        "another job that needs {} of this target is under way: {}", locks.name, locks.holder);
}

std::string describe_failure(ExitCode code, const ActionList& actions) {
    std::string words(describe(code).meaning);
    if (!actions.empty()) {
        words += fmt::format(
            "; {} of {} actions were done", actions.count(ActionState::done), actions.size());
    }
    return words;
}

}  // namespace caretaker
