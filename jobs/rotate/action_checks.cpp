// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/action_checks.hpp"

#include "jobs/rotate/reindex_options.hpp"
#include "jobs/rotate/shrink_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace caretaker {

namespace {

void check_conditions(const CuratorValue& conditions, OptionChecker& checker) {
    constexpr std::array<std::string_view, 3> known{"max_age", "max_docs", "max_size"};
    for (const CuratorKey& key : conditions.keys) {
        if (std::ranges::find(known, key.text) == known.end()) {
            checker.complain(key.at,
                             fmt::format("conditions do not know the key '{}'; there are {}",
                                         key.text,
                                         fmt::join(known, ", ")));
        }
    }
}

}  // namespace

void check_action_options(ActionType type, const CheckedOptions& options, OptionChecker& checker) {
    if (type == ActionType::cluster_routing && options.has("value")) {
        const std::string routing = options.text("routing_type");
        const std::string value = options.text("value");
        if ((value == "new_primaries" && routing != "allocation") ||
            (value == "replicas" && routing != "rebalance")) {
            checker.complain(options.position("value"),
                             fmt::format("{} cannot be {}", routing, value));
        }
    }
    if (type == ActionType::rollover) {
        if (const CuratorValue* conditions = options.find("conditions")) {
            check_conditions(*conditions, checker);
        }
    }
    if (type == ActionType::reindex) {
        check_reindex_options(options, checker);
    }
    if (type == ActionType::shrink) {
        check_shrink_options(options, checker);
    }
    if (type == ActionType::index_settings) {
        const CuratorValue* settings = options.find("index_settings");
        if (settings != nullptr && settings->type == CuratorType::map &&
            (settings->keys.size() != 1 || settings->keys.front().text != "index" ||
             settings->children.front().type != CuratorType::map)) {
            checker.complain(settings->at, "index_settings must be a map with the one key 'index'");
        }
    }
}

}  // namespace caretaker
