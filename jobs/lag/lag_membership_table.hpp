// SPDX-License-Identifier: Apache-2.0
// The views of groups without their offsets: members, and states. Headed as in Kafka's own
// kafka-consumer-groups.sh --describe with --members and --state.
#pragma once

#include "common/base/table.hpp"
#include "jobs/lag/lag_model.hpp"

#include <span>

namespace caretaker {

/// One row a member that is known, by group and member id, with what it owns of the wanted topics.
Table make_member_table(const ClusterLag& cluster, std::span<const GroupLag* const> groups);

/// One row a group, in the order given.
Table make_state_table(const ClusterLag& cluster, std::span<const GroupLag* const> groups);

}  // namespace caretaker
