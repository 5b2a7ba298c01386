// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/action_traits.hpp"

namespace caretaker {

std::string_view action_kind(ActionType type) {
    switch (type) {
        case ActionType::delete_indices:
            return "delete_index";
        case ActionType::delete_snapshots:
            return "delete_snapshot";
        case ActionType::close:
            return "close_index";
        case ActionType::open:
            return "open_index";
        case ActionType::replicas:
            return "set_replicas";
        case ActionType::allocation:
            return "set_allocation";
        case ActionType::index_settings:
            return "set_settings";
        default:
            return to_string(type);
    }
}

bool is_destructive(ActionType type) {
    return type == ActionType::delete_indices || type == ActionType::delete_snapshots;
}

bool needs_open_indices(ActionType type) {
    switch (type) {
        case ActionType::allocation:
        case ActionType::close:
        case ActionType::forcemerge:
        case ActionType::freeze:
        case ActionType::unfreeze:
        case ActionType::replicas:
        case ActionType::shrink:
            return true;
        default:
            return false;
    }
}

bool spares_write_indices(ActionType type) {
    switch (type) {
        case ActionType::close:
        case ActionType::delete_indices:
        case ActionType::forcemerge:
        case ActionType::freeze:
        case ActionType::shrink:
            return true;
        default:
            return false;
    }
}

bool looks_at_list_in_dry_run(ActionType type) {
    switch (type) {
        case ActionType::alias:
        case ActionType::cold2frozen:
        case ActionType::restore:
        case ActionType::shrink:
        case ActionType::snapshot:
            return true;
        default:
            return false;
    }
}

}  // namespace caretaker
