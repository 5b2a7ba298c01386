// SPDX-License-Identifier: Apache-2.0
// One row per agent, with pictures of its CPUs and memory.
#pragma once

#include "common/base/table.hpp"
#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/role_view_model.hpp"

#include <memory>
#include <vector>

namespace caretaker {

/// The table makes its rows while it is shown, from what it keeps. `fits_any`, by agent: whether
/// something that runs fits there once more; null where that is not known.
Table make_agents_table(std::shared_ptr<const Cluster> cluster,
                        std::shared_ptr<const RoleView> view,
                        std::shared_ptr<const std::vector<bool>> fits_any);

}  // namespace caretaker
