// SPDX-License-Identifier: Apache-2.0
// The nodes of a cluster, their disks, and where copies of shards lie.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

struct ClusterNode {
    std::string name{};
    std::vector<std::string> roles{};               // "data", "master"; none before 5.0
    std::optional<std::int64_t> total_bytes{};      // of all its data paths
    std::optional<std::int64_t> available_bytes{};  // likewise

    [[nodiscard]] bool has_role(std::string_view role) const;

    /// Whether indices other than cold and frozen ones can lie there.
    [[nodiscard]] bool holds_data() const;

    [[nodiscard]] bool is_master_eligible() const;
};

/// A copy of a shard on a node.
struct ShardCopy {
    std::string index{};
    int shard = 0;
    bool is_started = false;
    std::string node{};  // empty: unassigned
    std::int64_t bytes = 0;
};

}  // namespace caretaker
