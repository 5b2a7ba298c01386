// SPDX-License-Identifier: Apache-2.0
// Who, where and when of a run, gathered before it begins.
#pragma once

#include "common/base/run_info.hpp"
#include "common/cli/run_request.hpp"
#include "common/cli/world.hpp"

#include <span>
#include <string>

namespace caretaker {

/// Makes the run's id and reads host, boot and trigger.
RunInfo make_run_info(const RunRequest& request, const World& world);

/// The arguments as one line that a shell would split again the same way, secrets redacted.
std::string format_arguments(std::span<const std::string> args);

}  // namespace caretaker
