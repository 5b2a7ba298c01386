// SPDX-License-Identifier: Apache-2.0
// Shrinking an index: on which node, and whether it can be done at all. Pure.
#pragma once

#include "jobs/rotate/cluster_nodes.hpp"
#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/option_schema.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// Complains of each thing in node_filters, post_allocation and extra_settings that is wrong.
void check_shrink_options(const CheckedOptions& options, OptionChecker& checker);

/// Where the shrunken index is to lie.
struct PostAllocation {
    std::string setting{};               // "index.routing.allocation.require.box"
    std::optional<std::string> value{};  // none clears it
};

std::optional<PostAllocation> read_post_allocation(const CheckedOptions& options);

/// The node that gets a copy of every shard, or why there is none.
struct ShrinkNode {
    const ClusterNode* node = nullptr;
    std::string problem{};
};

/// By `shrink_node` and `node_filters`: the one named, or of those that qualify the one with the
/// most free bytes (DETERMINISTIC).
ShrinkNode choose_shrink_node(const CheckedOptions& options, std::span<const ClusterNode> nodes);

/// shrink_prefix, name, shrink_suffix.
std::string shrunk_name(const CheckedOptions& options, std::string_view index);

/// Why the index cannot be shrunk, on whatever node; empty when it can.
std::string why_not_shrinkable(const CheckedOptions& options, const IndexFacts& index);

/// Why an index of that size cannot be shrunk on that node; empty when it can, and where the node's
/// disk is not known.
std::string why_no_room(std::int64_t primary_bytes, const ClusterNode& node);

/// Takes off the node's room what shrinking an index there leaves: the new index, and where the
/// source stays the copies that were moved, too.
void take_room(const CheckedOptions& options, std::int64_t primary_bytes, ClusterNode& node);

/// The body of POST /{index}/_shrink/{target}: what the options say, without the requirement of
/// the node and the write block that the source has.
std::string shrink_body(const CheckedOptions& options);

/// One index to be shrunk.
struct ShrinkItem {
    std::string target{};
    std::string node{};
    std::int64_t primary_bytes = 0;    // of the source
    std::string former_requirement{};  // index.routing.allocation.require._name before
    bool may_resume = false;           // an earlier run was stopped in the middle of it
};

}  // namespace caretaker
