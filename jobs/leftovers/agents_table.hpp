// SPDX-License-Identifier: Apache-2.0
// One row per agent, with pictures of its CPUs and memory.
#pragma once

#include "common/base/table.hpp"
#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/role_view_model.hpp"

#include <memory>

namespace caretaker {

/// The table makes its rows while it is shown, from the cluster and the view that it keeps.
Table make_agents_table(std::shared_ptr<const Cluster> cluster,
                        std::shared_ptr<const RoleView> view);

}  // namespace caretaker
