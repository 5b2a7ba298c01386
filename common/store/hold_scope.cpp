// SPDX-License-Identifier: Apache-2.0
#include "common/store/hold_scope.hpp"

#include "common/base/command_tree.hpp"
#include "common/base/error.hpp"
#include "common/store/holds.hpp"
#include "common/text/edit_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace caretaker {

void check_hold_scope(std::string_view command,
                      const std::string& scope,
                      const CommandHelp& program) {
    std::vector<std::string_view> names{hold_of_all};
    for (const CommandHelp& candidate : program.commands) {
        if (candidate.recorded) {
            names.emplace_back(candidate.name);
        }
    }
    if (std::ranges::find(names, scope) != names.end()) {
        return;
    }
    const auto near = nearest_name(scope, names);
    throw UsageError(fmt::format("{}: '{}' is no job{}; there are {}",
                                 command,
                                 scope,
                                 near ? fmt::format(", did you mean '{}'?", *near) : "",
                                 fmt::join(names, ", ")));
}

}  // namespace caretaker
