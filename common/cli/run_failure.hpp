// SPDX-License-Identifier: Apache-2.0
// How a run ended that did not end by itself.
#pragma once

#include "common/cli/run_verdict.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

struct RunFailure {
    Verdict verdict{};
    std::string word{};     // stable: "timeout", "group_forbidden"
    std::string message{};  // what happened and what to try
};

/// Does a step of a run of `job`. Whatever it throws becomes the failure that is returned.
std::optional<RunFailure> catch_failure(std::string_view job, const std::function<void()>& step);

}  // namespace caretaker
