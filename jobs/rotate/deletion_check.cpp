// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/deletion_check.hpp"

#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/index_list_reader.hpp"

#include <vector>

namespace caretaker {

void verify_indices(SearchCluster& cluster, ActionExecutor& executor) {
    const ActionList& actions = executor.actions();
    const auto was_deleted = [&](std::size_t i) {
        return actions.state(i) == ActionState::done &&
               actions.kind(i) == action_kind(ActionType::delete_indices);
    };
    std::vector<std::size_t> deleted;
    for (std::size_t i = 0; i < actions.size(); ++i) {
        if (was_deleted(i)) {
            deleted.push_back(i);
        }
    }
    if (deleted.empty()) {
        return;
    }
    const IndexList there = fetch_names(cluster);
    for (const std::size_t i : deleted) {
        if (find_index(there.indices, actions.subject(i), actions.identity(i)) != nullptr) {
            executor.correct(i,
                             {.state = ActionState::failed,
                              .error = "the server confirmed it, and it is still there"});
        }
    }
}

}  // namespace caretaker
