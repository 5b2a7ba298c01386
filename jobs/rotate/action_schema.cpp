// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/action_schema.hpp"

#include "jobs/rotate/action_keys.hpp"

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 19> names{"alias",
                                                 "allocation",
                                                 "close",
                                                 "cluster_routing",
                                                 "cold2frozen",
                                                 "create_index",
                                                 "delete_indices",
                                                 "delete_snapshots",
                                                 "forcemerge",
                                                 "freeze",
                                                 "index_settings",
                                                 "open",
                                                 "reindex",
                                                 "replicas",
                                                 "restore",
                                                 "rollover",
                                                 "shrink",
                                                 "snapshot",
                                                 "unfreeze"};

bool takes_search_pattern(ActionType type) {
    switch (type) {
        case ActionType::allocation:
        case ActionType::close:
        case ActionType::cold2frozen:
        case ActionType::delete_indices:
        case ActionType::forcemerge:
        case ActionType::index_settings:
        case ActionType::open:
        case ActionType::replicas:
        case ActionType::shrink:
        case ActionType::snapshot:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string_view to_string(ActionType type) {
    return names.at(static_cast<std::size_t>(type));
}

std::span<const std::string_view> action_names() {
    return names;
}

FilterForm filter_form(ActionType type) {
    switch (type) {
        case ActionType::cluster_routing:
        case ActionType::create_index:
        case ActionType::rollover:
            return FilterForm::none;
        case ActionType::alias:
            return FilterForm::add_and_remove;
        case ActionType::delete_snapshots:
        case ActionType::restore:
            return FilterForm::snapshots;
        default:
            return FilterForm::indices;
    }
}

std::vector<OptionSpec> action_options(ActionType type) {
    const auto own = action_keys(type);
    const auto common = common_action_keys();
    std::vector<OptionSpec> options(own.begin(), own.end());
    options.insert(options.end(), common.begin(), common.end());
    if (takes_search_pattern(type)) {
        options.push_back({.name = "search_pattern", .fallback = "*"});
    }
    return options;
}

}  // namespace caretaker
