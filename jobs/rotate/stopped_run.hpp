// SPDX-License-Identifier: Apache-2.0
// An earlier run of the same files at the same cluster that came to no end. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace caretaker {

/// How one of its actions is called: "shrink logs-1".
std::string stopped_action_key(std::string_view kind, std::string_view subject);

/// Steps are counted from 0 over all files.
struct StoppedRun {
    std::string uid{};  // empty: there is none
    /// It came so far not long ago: what would be done again by doing it once more counts as done.
    bool is_recent = false;
    std::set<std::size_t> finished{};
    std::optional<std::size_t> begun{};  // the step that it was in
    std::string name{};                  // RotateStep::name of that step
    std::size_t planned = 0;             // how many actions that step had
    std::set<std::string> done{};        // those of them that were done, as stopped_action_key()

    /// Whether it did all of that step.
    [[nodiscard]] bool has_finished(std::size_t step) const;

    /// Whether it did that action, as a part of the step.
    [[nodiscard]] bool has_done(std::size_t step,
                                std::string_view kind,
                                std::string_view subject) const;
};

}  // namespace caretaker
