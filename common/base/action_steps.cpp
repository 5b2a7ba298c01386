// SPDX-License-Identifier: Apache-2.0
#include "common/base/action_steps.hpp"

#include <algorithm>
#include <numeric>

namespace caretaker {

std::vector<SettledAction> settle_deletions(std::span<const UnsettledAction> unsettled,
                                            const IsThere& is_there) {
    std::vector<SettledAction> settled;
    for (const UnsettledAction& action : unsettled) {
        if (!action.identity.empty()) {
            settled.push_back({.id = action.id, .done = !is_there(action.identity)});
        }
    }
    return settled;
}

void run_in_batches(
    ActionExecutor& executor,
    std::size_t size,
    const std::function<std::vector<ActionResult>(std::span<const std::size_t> indices)>& request) {
    const std::size_t all = executor.actions().size();
    for (std::size_t begin = 0; begin < all; begin += size) {
        std::vector<std::size_t> indices(std::min(size, all - begin));
        std::iota(indices.begin(), indices.end(), begin);
        executor.run_together(indices, [&] { return request(indices); });
    }
}

void fail_those_still_there(ActionExecutor& executor, const IsThere& is_there) {
    const ActionList& actions = executor.actions();
    for (std::size_t i = 0; i < actions.size(); ++i) {
        if (actions.state(i) == ActionState::done && is_there(actions.identity(i))) {
            executor.correct(i, {.state = ActionState::failed, .error = "is still there"});
        }
    }
}

}  // namespace caretaker
