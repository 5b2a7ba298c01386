// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/stopped_run.hpp"

#include <fmt/format.h>

namespace caretaker {

std::string stopped_action_key(std::string_view kind, std::string_view subject) {
    return fmt::format("{} {}", kind, subject);
}

bool StoppedRun::has_finished(std::size_t step) const {
    return finished.contains(step) || (begun == step && planned > 0 && done.size() >= planned);
}

bool StoppedRun::has_done(std::size_t step, std::string_view kind, std::string_view subject) const {
    return begun == step && done.contains(stopped_action_key(kind, subject));
}

}  // namespace caretaker
