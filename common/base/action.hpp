// SPDX-License-Identifier: Apache-2.0
// One change made, or to be made, to the world.
#pragma once

#include "common/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

enum class ActionState : std::uint8_t {
    would,    // planned; stays so in a dry run
    started,  // its request may be under way
    done,
    failed,
    skipped,  // not begun, because a brake held or the run ended before
    unknown,  // whether the service did it cannot be told
};

std::string_view to_string(ActionState state);

/// A change, always with its reason in words.
struct Action {
    std::string kind{};  // "delete_index"
    std::string subject{};
    std::string reason{};  // "34 d old, keep 30 d"
    ActionState state = ActionState::would;
    std::optional<std::int64_t> bytes{};
    std::string error{};
    WallTime started_at{};
    std::optional<WallTime> ended_at{};
    /// What tells this very thing from a later one of the same name, e.g. an index's uuid; may be
    /// empty. A later run needs it for an action whose end it cannot know.
    std::string identity{};
    bool destructive = true;  // counts for the brakes
};

}  // namespace caretaker
