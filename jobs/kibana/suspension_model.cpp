// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/suspension_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace caretaker {

std::optional<ActionResult> find_awake(const KibanaApp& app) {
    if (app.instances > 0) {
        return ActionResult{.state = ActionState::failed,
                            .error = "somebody scaled it up in the meantime"};
    }
    const auto left = std::max(app.running, static_cast<std::int64_t>(app.tasks.size()));
    if (left > 0) {
        return ActionResult{.state = ActionState::unknown,
                            .error = fmt::format("{} of its tasks are not gone", left)};
    }
    return std::nullopt;
}

}  // namespace caretaker
