// SPDX-License-Identifier: Apache-2.0
// Goes to the directories of a plan once more, to act in them.
#pragma once

#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/file_tree.hpp"
#include "jobs/cleanup/held_directories.hpp"

#include <cstdint>
#include <vector>

namespace caretaker {

/// A directory of the plan, or why there is none.
struct ReachedDirectory {
    int fd = -1;  // valid until the next call
    Result why_not = Result::none;
    int error = 0;
};

/// Keeps the way to the last directory open, so that neighbours cost one step each. However deep a
/// directory lies, it is reached name by name, and is the one that was planned: same device, same
/// inode.
class DirectoryCursor {
 public:
    /// With `held`, each directory on the way is locked as long as it is on it; one that another
    /// process has a lock on is not entered, EWOULDBLOCK.
    DirectoryCursor(const FileTree& tree, DirectoryOpener& opener, HeldDirectories* held = nullptr)
        : tree_(tree), opener_(opener), held_(held) {}

    ReachedDirectory go_to(std::uint32_t directory) {
        // Most often it is where the last entry was.
        return !way_.empty() && way_.back().directory == directory
                   ? ReachedDirectory{.fd = way_.back().open_as()}
                   : go_elsewhere(directory);
    }

    /// Closes everything, and so unlocks it.
    void leave() { way_.clear(); }

 private:
    ReachedDirectory go_elsewhere(std::uint32_t directory);

    struct Step {
        std::uint32_t directory = 0;
        Fd fd{};
        HeldDirectory held{};  // in the place of `fd`, where directories are held

        [[nodiscard]] int open_as() const { return fd ? fd.get() : held.fd(); }
    };

    ReachedDirectory take_step(std::uint32_t directory);

    const FileTree& tree_;
    DirectoryOpener& opener_;
    HeldDirectories* held_;
    std::vector<Step> way_{};              // from a root on
    std::vector<std::uint32_t> wanted_{};  // the way to be, kept for its memory
};

}  // namespace caretaker
