// SPDX-License-Identifier: Apache-2.0
// What is left, a row per resource; of the whole cluster or of each group of agents.
#pragma once

#include "common/base/table.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "jobs/leftovers/quota_model.hpp"

#include <span>
#include <string>

namespace caretaker {

/// Resources that are nowhere are left out, but for cpus and mem.
Table make_resources_table(const Leftovers& leftovers);

/// A row per value of `attribute`: agents, and what is free of the resources that Marathon knows.
Table make_groups_table(const std::string& attribute, std::span<const LeftoversGroup> groups);

/// A row per role and resource with a limit or a guarantee.
Table make_quota_table(std::span<const RoleQuota> quotas);

/// "MB" of mem and disks, else empty.
std::string unit_of(const std::string& resource);

}  // namespace caretaker
