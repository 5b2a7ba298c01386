// SPDX-License-Identifier: Apache-2.0
// What the summary of one rule, or of all, counts.
#pragma once

#include "jobs/cleanup/rule_work.hpp"
#include "jobs/cleanup/saved_plan.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace caretaker {

/// What became of what goes.
struct TakenCounts {
    std::int64_t planned = 0;
    std::int64_t done = 0;  // gone ones too
    std::int64_t failed = 0;
    std::int64_t changed = 0;
    std::int64_t bytes_planned = 0;
    std::int64_t bytes_done = 0;

    TakenCounts& operator+=(const TakenCounts& more);
};

/// Of what one round took.
TakenCounts count_taken(const RuleWork& work, Round round);

/// Of a saved plan's things of that rule that are not in the plan made now.
TakenCounts count_strayed(std::span<const Strayed> strayed, std::string_view rule);

/// Why others stay though a limit asked for them.
struct StayCounts {
    std::int64_t in_use = 0;
    std::int64_t use_unknown = 0;  // whether they are in use cannot be told
    std::int64_t immutable = 0;
    std::int64_t held = 0;

    StayCounts& operator+=(const StayCounts& more);
};

StayCounts count_stays(const RuleWork& work);

}  // namespace caretaker
