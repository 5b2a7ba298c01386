// SPDX-License-Identifier: Apache-2.0
// Where Marathon starts an instance: resources, ports, constraints.
#pragma once

#include "tests/sandbox/platform_state.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

struct FakeConstraint {
    std::string field{};
    std::string op{};  // upper case
    std::optional<std::string> value{};
};

/// Reads [["hostname","UNIQUE"],["rack","LIKE","r[12]"]]; what is none is left out.
std::vector<FakeConstraint> parse_constraints(std::string_view json);

/// Whether one more instance may start there beside those on `placed` (agents by index), as
/// Marathon 1.6 and later judge.
bool meets_constraint(const PlatformState& state,
                      const FakeConstraint& constraint,
                      const FakeAgent& agent,
                      const std::vector<std::size_t>& placed);

struct PlacementNeeds {
    FakeAmounts amounts{};
    std::size_t ports = 0;
    std::vector<FakeConstraint> constraints{};
};

/// The first agent after `start`, going round, that can take one more instance; nothing when none
/// can.
std::optional<std::size_t> find_place(const PlatformState& state,
                                      const PlacementNeeds& needs,
                                      const std::vector<std::size_t>& placed,
                                      std::size_t start);

/// The lowest free ports of the agent; fewer when it has not so many.
std::vector<std::int64_t> take_free_ports(const PlatformState& state,
                                          const FakeAgent& agent,
                                          std::size_t count);

}  // namespace caretaker::sandbox
