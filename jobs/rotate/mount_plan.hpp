// SPDX-License-Identifier: Apache-2.0
// cold2frozen: an index mounted whole from a snapshot becomes one that is mounted in part. Pure.
#pragma once

#include "jobs/rotate/cluster_nodes.hpp"
#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/option_schema.hpp"

#include <span>
#include <string>

namespace caretaker {

/// index.store.snapshot.* of an index.
struct MountedSnapshot {
    std::string index{};  // the mounted one
    std::string repository{};
    std::string snapshot{};
    std::string source{};  // the index's name in the snapshot
    bool is_partial = false;
};

/// One index to be mounted anew.
struct MountItem {
    MountedSnapshot snapshot{};
    std::string target{};   // "partial-<name>"
    bool is_there = false;  // mounted by an earlier run that went no further
};

/// Why the index cannot be: under a lifecycle policy, no mounted one, or in part already; empty
/// when it can. `mounted` is null where it is none.
std::string why_not_mountable(const IndexFacts& index, const MountedSnapshot* mounted);

/// The tiers that an index prefers unless the file says: "data_frozen" where a node has that role,
/// else those that are there, the coldest first, else "data_content".
std::string frozen_tiers(std::span<const ClusterNode> nodes);

/// The body of POST /_snapshot/{repository}/{snapshot}/_mount.
std::string mount_body(const CheckedOptions& options,
                       const MountItem& item,
                       const std::string& tiers);

}  // namespace caretaker
