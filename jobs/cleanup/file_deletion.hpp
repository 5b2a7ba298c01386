// SPDX-License-Identifier: Apache-2.0
// Deletes what a plan takes, each entry after a second look.
#pragma once

#include "jobs/cleanup/directory_cursor.hpp"
#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/file_tree.hpp"

#include <cstdint>
#include <set>
#include <utility>

namespace caretaker {

/// Writes into the tree what became of each.
class FileDeletion {
 public:
    FileDeletion(const FileRule& rule, FileTree& tree, DirectoryOpener& opener)
        : rule_(rule), tree_(tree), cursor_(tree, opener) {}

    /// Whether the entry still is what was planned: done, gone, changed or failed. Nothing is
    /// written into the tree.
    Result look_again(const TreeEntry& entry);

    /// Whether nothing came into the directory, or left it, since it was planned; a directory that
    /// is gone is untouched, too.
    bool is_untouched(std::uint32_t directory);

    /// Deletes the entry if it still is what was planned; empties it where that is the plan.
    void delete_entry(TreeEntry& entry);

    /// Removes the directory if it is still there and empty.
    void remove_directory(std::uint32_t index);

    /// Nothing below that root is touched from now on.
    void drop_root(std::uint32_t root) { dropped_.insert(root); }

    [[nodiscard]] bool is_dropped(std::uint32_t root) const { return dropped_.contains(root); }

 private:
    /// Other than a deletion it may have grown meanwhile.
    void empty(int directory, const char* name, TreeEntry& entry);

    [[nodiscard]] bool is_unchanged(const TreeEntry& entry, const FileFacts& facts) const;

    const FileRule& rule_;
    FileTree& tree_;
    DirectoryCursor cursor_;
    std::set<std::uint32_t> dropped_{};
    std::set<std::pair<std::uint64_t, std::uint64_t>>
        unlinked_{};  // device, inode; other links are left
};

}  // namespace caretaker
