// SPDX-License-Identifier: Apache-2.0
// How what rules take becomes the recorded actions of a run: one for each entry as long as these
// are few, else one for many. No IO.
#pragma once

#include "jobs/cleanup/file_tree.hpp"
#include "jobs/cleanup/files_plan.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace caretaker {

/// What one rule takes.
struct TakenFiles {
    const FileTree& tree;
    const FileSelection& selection;
};

/// A stretch of what one rule takes: entries, or directories.
struct FileAction {
    std::uint32_t rule = 0;  // index
    bool of_directories = false;
    std::size_t begin = 0;  // in FileSelection::entries or ::directories
    std::size_t end = 0;

    friend bool operator==(const FileAction&, const FileAction&) = default;
};

/// How much one action is about.
enum class Detail : std::uint8_t { entry, directory, root };

struct FileActions {
    std::vector<FileAction> actions{};  // rule by rule, entries before directories
    Detail detail = Detail::entry;
};

/// As fine as at most `most` actions (at least 1) allow; only where even one an root is too much
/// there are more, and where one for many entries would be more than a second may delete.
FileActions group_files(std::span<const TakenFiles> taken, std::size_t most, const Pace& pace = {});

}  // namespace caretaker
