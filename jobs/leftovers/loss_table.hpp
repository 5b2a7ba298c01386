// SPDX-License-Identifier: Apache-2.0
// What is lost with agents, the worst first.
#pragma once

#include "common/base/table.hpp"
#include "jobs/leftovers/loss_model.hpp"
#include "jobs/leftovers/workload.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace caretaker {

/// The cases in which something that is not expected is lost, at most `most` of them.
Table make_loss_table(std::string title,
                      const Workload& workload,
                      std::span<const LossCase> losses,
                      std::size_t most);

/// "/es 2, /web 1".
std::string describe_lost_apps(const Workload& workload, const LossCase& loss);

}  // namespace caretaker
