// SPDX-License-Identifier: Apache-2.0
// Deletion driven by disks: which indices must go, the oldest first, until every node has room.
// Pure.
#pragma once

#include "jobs/rotate/cluster_nodes.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Up to where a disk may be used, as servers write watermarks: "85%", "0.85", or as what has to
/// stay free, "50gb".
class DiskLimit {
 public:
    /// Nothing for what is none.
    static std::optional<DiskLimit> parse(std::string_view text);

    /// The bytes of a disk of that size that may be used.
    [[nodiscard]] std::int64_t usable(std::int64_t total_bytes) const;

 private:
    double used_part_ = 1;
    std::int64_t free_bytes_ = 0;
};

/// The cluster's own watermarks, by their names: low, high, flood_stage; empty where they are
/// switched off.
using Watermarks = std::map<std::string, std::string>;

/// What `delete_until` means: a watermark's name, or a limit of its own. `problem` is set for what
/// is neither, and where the watermarks are switched off.
std::optional<DiskLimit> find_disk_limit(std::string_view word,
                                         const Watermarks& watermarks,
                                         std::string& problem);

/// The disks of a cluster while deletions are planned.
class DiskState {
 public:
    /// Nodes whose disks are not known are left out.
    DiskState(std::span<const ClusterNode> nodes,
              std::span<const ShardCopy> copies,
              const DiskLimit& limit);

    /// Whether a node is used beyond its limit and holds a part of the index.
    [[nodiscard]] bool would_help(std::string_view index) const;

    /// Whether a node is used beyond its limit.
    [[nodiscard]] bool is_tight() const;

    /// Takes the index's copies off their nodes.
    void remove(std::string_view index);

    /// "n1 by 3.0 GiB": the nodes beyond their limits, with how much; empty when there is none.
    [[nodiscard]] std::string describe_excess() const;

 private:
    struct Disk {
        std::string node{};
        std::int64_t excess = 0;  // beyond the limit; below zero: room
    };

    struct Part {
        std::size_t disk = 0;
        std::int64_t bytes = 0;
    };

    std::vector<Disk> disks_{};
    std::map<std::string, std::vector<Part>, std::less<>> parts_{};  // by index
};

}  // namespace caretaker
