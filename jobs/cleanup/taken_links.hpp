// SPDX-License-Identifier: Apache-2.0
// Which of the names that are taken is the last one of its file.
#pragma once

#include "jobs/cleanup/file_tree.hpp"

#include <cstdint>
#include <map>

namespace caretaker {

class TakenLinks {
 public:
    /// Counts `entry` of `tree` as taken, each once. True: a link that is not taken, or not yet,
    /// keeps the space of its file.
    bool take(const FileTree& tree, const TreeEntry& entry) {
        return entry.links > 1 && ++taken_[tree.id_of(entry)] < entry.links;
    }

    /// Counts what an earlier round took.
    void take_those_away(const FileTree& tree) {
        for (const TreeEntry& entry : tree.entries) {
            if (is_away(entry.result) && entry.verdict != EntryVerdict::emptied) {
                take(tree, entry);
            }
        }
    }

 private:
    std::map<InodeId, std::uint32_t> taken_{};
};

}  // namespace caretaker
