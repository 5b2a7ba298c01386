// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/cluster_nodes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace caretaker {

bool ClusterNode::has_role(std::string_view role) const {
    return std::ranges::find(roles, role) != roles.end();
}

bool ClusterNode::holds_data() const {
    constexpr std::array<std::string_view, 4> data{"data", "data_content", "data_hot", "data_warm"};
    return std::ranges::any_of(data, [&](std::string_view role) { return has_role(role); });
}

bool ClusterNode::is_master_eligible() const {
    return has_role("master") || has_role("cluster_manager");
}

}  // namespace caretaker
