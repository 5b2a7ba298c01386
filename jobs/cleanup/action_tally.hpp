// SPDX-License-Identifier: Apache-2.0
// What became of the entries that one action is about, and what that makes of the action.
#pragma once

#include "common/base/action_executor.hpp"
#include "jobs/cleanup/file_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace caretaker {

/// Of those entries of an action that had their turn.
struct ActionTally {
    std::size_t tried = 0;
    std::size_t changed = 0;
    std::size_t failed = 0;
    bool refused = true;  // all that failed did so for lack of rights
    std::int64_t bytes = 0;
    std::string first_failure{};

    /// `freed`: bytes, of what is done. `why`: of a failure, where its errno does not say it all.
    void add(Result result, std::uint8_t error, std::int64_t freed, const std::string& why = {});

    /// Of an action over so many.
    [[nodiscard]] ActionResult result(std::size_t planned) const;
};

}  // namespace caretaker
