// SPDX-License-Identifier: Apache-2.0
#include "common/config/select_target.hpp"

#include "common/base/error.hpp"
#include "common/config/target_name.hpp"
#include "common/text/edit_distance.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

std::string select_default(const std::vector<std::string>& targets) {
    if (targets.size() > 1) {
        throw UsageError(
            fmt::format("choosing the target: {} are configured; name one with --target: {}",
                        targets.size(),
                        fmt::join(targets, ", ")));
    }
    return targets.empty() ? "default" : targets.front();
}

}  // namespace

std::string chosen_target(const std::string& flag, const EnvironmentMap& environment) {
    const auto variable = environment.find("CARETAKER_TARGET");
    return flag.empty() && variable != environment.end() ? variable->second : flag;
}

std::string select_target(std::string_view chosen, const Settings& settings) {
    const std::vector<std::string> targets = settings.targets();
    if (chosen.empty()) {
        return select_default(targets);
    }
    if (!is_target_name(chosen)) {
        throw UsageError(
            fmt::format("choosing the target: '{}' cannot be one; {}", chosen, target_name_rule));
    }
    if (targets.empty() || std::ranges::find(targets, chosen) != targets.end()) {
        return std::string(chosen);
    }
    const std::vector<std::string_view> names(targets.begin(), targets.end());
    if (const auto nearest = nearest_name(chosen, names)) {
        throw UsageError(fmt::format(
            "choosing the target: '{}' is not configured; did you mean '{}'?", chosen, *nearest));
    }
    throw UsageError(fmt::format("choosing the target: '{}' is not configured; configured: {}",
                                 chosen,
                                 fmt::join(targets, ", ")));
}

}  // namespace caretaker
