// SPDX-License-Identifier: Apache-2.0
// Curator's own options on the command line of `rotate`.
#pragma once

#include "common/options/command_options.hpp"
#include "jobs/rotate/curator_options.hpp"

namespace caretaker {

/// Binds them to `options`, which has to stay where it is.
void add_curator_options(CommandOptions& command, CuratorOptions& options);

}  // namespace caretaker
