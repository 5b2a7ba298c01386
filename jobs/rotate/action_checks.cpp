// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/action_checks.hpp"

#include "jobs/rotate/reindex_options.hpp"
#include "jobs/rotate/shrink_plan.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::array condition_keys{
    OptionSpec{.name = "max_age"},
    OptionSpec{.name = "max_docs", .type = OptionType::integer, .min = 0},
    OptionSpec{.name = "max_size"},
};

}  // namespace

CheckedOptions read_rollover_conditions(const CuratorValue& conditions, OptionChecker& checker) {
    return checker.check(&conditions, condition_keys, {}, "conditions", conditions.at);
}

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
            (void)read_rollover_conditions(*conditions, checker);
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
