// SPDX-License-Identifier: Apache-2.0
// What is known of the snapshots of a repository.
#pragma once

#include "jobs/rotate/index_facts.hpp"

#include <memory>
#include <string>
#include <vector>

namespace caretaker {

/// What is in a snapshot.
struct SnapshotContents {
    std::vector<std::string> indices{};  // sorted
    std::vector<std::string> failed{};   // those with a shard that is not in it; sorted
};

/// Sorted by name.
struct SnapshotList {
    std::vector<IndexFacts> snapshots{};
    std::vector<SnapshotContents> contents{};  // one for each of them, or none where not asked for
    std::shared_ptr<TextArena> texts =
        std::make_shared<TextArena>();  // which the snapshots look at
};

}  // namespace caretaker
