// SPDX-License-Identifier: Apache-2.0
// What Mesos' allocator would offer to a framework.
#pragma once

#include "tests/sandbox/platform_state.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace caretaker::sandbox {

/// One offer for each agent and role of the framework that `is_wanted` accepts, as far as its
/// capabilities let it see them: agents with gpus, in other regions, with refined reservations,
/// oversubscribed amounts. What is not reserved goes to the framework's first role that is wanted.
/// They are added to the state, so that nobody else gets them.
std::vector<FakeOffer> make_offers(
    PlatformState& state,
    std::size_t framework,
    const std::function<bool(std::size_t agent, const std::string& role)>& is_wanted);

/// Whether what is reserved for `reservation` may go to `role`: that role and those below it.
bool is_reserved_for(std::string_view reservation, std::string_view role);

/// Why `role` cannot be one; empty where it can.
std::string find_role_fault(const std::string& role);

}  // namespace caretaker::sandbox
