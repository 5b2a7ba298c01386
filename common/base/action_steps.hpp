// SPDX-License-Identifier: Apache-2.0
// Steps that jobs which delete things have in common: settling, batches, the second look.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/upkeep_plan.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

/// Whether a thing of that identity (Action::identity) is there now.
using IsThere = std::function<bool(std::string_view identity)>;

/// Deletions whose end is not known: done where the thing is gone, else failed, so that it is
/// planned again. One without identity cannot be told apart from a later thing of the same name,
/// and stays open.
std::vector<SettledAction> settle_deletions(std::span<const UnsettledAction> unsettled,
                                            const IsThere& is_there);

/// Carries out all planned actions in their order, `size` (at least 1) by one request.
void run_in_batches(
    ActionExecutor& executor,
    std::size_t size,
    const std::function<std::vector<ActionResult>(std::span<const std::size_t> indices)>& request);

/// Corrects deletions that were answered as done while the thing is still there.
void fail_those_still_there(ActionExecutor& executor, const IsThere& is_there);

}  // namespace caretaker
