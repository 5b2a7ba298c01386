// SPDX-License-Identifier: Apache-2.0
// Deletes what a plan takes, each entry after a second look.
#pragma once

#include "jobs/cleanup/directory_cursor.hpp"
#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/file_tree.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

namespace caretaker {

/// Writes into the tree what became of each.
class FileDeletion {
 public:
    /// Works in directories that `held` holds, which outlives it.
    FileDeletion(const FileRule& rule,
                 FileTree& tree,
                 DirectoryOpener& opener,
                 HeldDirectories& held)
        : FileDeletion(rule, tree, opener, held, std::make_shared<Shared>()) {}

    /// One for another thread, which deletes other entries of the same tree at the same time.
    [[nodiscard]] FileDeletion share_with(DirectoryOpener& opener) const {
        return {rule_, tree_, opener, held_, shared_};
    }

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

    /// Lets all directories go.
    void leave() { cursor_.leave(); }

    /// Nothing below that root is touched from now on. Not while other threads delete.
    void drop_root(std::uint32_t root) { shared_->dropped.insert(root); }

    [[nodiscard]] bool is_dropped(std::uint32_t root) const {
        return shared_->dropped.contains(root);
    }

 private:
    struct Shared {
        std::set<std::uint32_t> dropped{};
        std::mutex mutex{};
        std::set<std::pair<std::uint64_t, std::uint64_t>>
            unlinked{};  // device, inode; other links are left
    };

    FileDeletion(const FileRule& rule,
                 FileTree& tree,
                 DirectoryOpener& opener,
                 HeldDirectories& held,
                 std::shared_ptr<Shared> shared)
        : rule_(rule),
          tree_(tree),
          opener_(opener),
          held_(held),
          cursor_(tree, opener, &held),
          shared_(std::move(shared)) {}

    /// Whether this run took another link of that file.
    [[nodiscard]] bool took_other_link(const FileFacts& facts) const;

    /// Whether another process has a lock on that directory in `parent`.
    bool is_locked(int parent, const char* name, const InodeId& id);

    /// Other than a deletion it may have grown meanwhile.
    void empty(int directory, const char* name, TreeEntry& entry);

    [[nodiscard]] bool is_unchanged(const TreeEntry& entry, const FileFacts& facts) const;

    const FileRule& rule_;
    FileTree& tree_;
    DirectoryOpener& opener_;
    HeldDirectories& held_;
    DirectoryCursor cursor_;
    std::shared_ptr<Shared> shared_;
};

}  // namespace caretaker
