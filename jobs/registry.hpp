// SPDX-License-Identifier: Apache-2.0
// The jobs of the binary.
#pragma once

#include "common/base/job.hpp"

#include <span>

namespace caretaker {

/// One row per command, in the order in which help shows them.
std::span<const JobEntry> registry();

}  // namespace caretaker
