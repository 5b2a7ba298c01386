// SPDX-License-Identifier: Apache-2.0
// Whether a snapshot holds all that is in an index, so that the index may go. Pure.
#pragma once

#include "jobs/rotate/filter_schema.hpp"
#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/snapshot_facts.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// The last snapshot that holds an index whole.
struct SnapshotProof {
    std::string repository{};
    std::string snapshot{};
    std::int64_t started_ms = 0;  // since 1970
};

/// By index, for the indices that are there.
class SnapshotProofs {
 public:
    /// `grace`: so long after the end of the time in an index's name stragglers still come.
    /// `indices` as they are before anything is planned.
    SnapshotProofs(std::chrono::seconds grace, std::span<const IndexFacts> indices);

    /// Takes in one snapshot; only what is in `indices` (sorted) is kept. One that failed, or is
    /// under way, proves nothing.
    void add(std::string_view repository,
             const IndexFacts& snapshot,
             const SnapshotContents& contents,
             std::span<const IndexFacts> indices);

    /// Why the index must not be deleted for all that is known; empty when a snapshot holds all of
    /// it: it holds the index whole, is of this very index and not of an earlier one of its name,
    /// and began after the last write. Nothing is written any more once a newer index is the write
    /// index of its alias, nor, after the grace, beyond the time that `filters` read out of the
    /// name. Where they read none it has to be closed or blocked; since when, no server tells.
    [[nodiscard]] std::string why_unproven(const IndexFacts& index,
                                           std::span<const FilterSpec> filters) const;

 private:
    struct WriteIndex {
        std::string name{};
        std::int64_t created_ms = 0;
    };

    [[nodiscard]] bool was_rolled_over(const IndexFacts& index, const SnapshotProof& proof) const;

    std::map<std::string, SnapshotProof, std::less<>> by_index_{};
    std::map<std::string, WriteIndex, std::less<>> written_{};  // by alias
    std::chrono::seconds grace_;
};

}  // namespace caretaker
