// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_actions_plan.hpp"

#include <algorithm>

namespace caretaker {

namespace {

/// So many entries at most are looked at again should the run die amidst them.
constexpr std::size_t entries_of_an_action = 1000;

class Grouping {
 public:
    Grouping(std::span<const TakenFiles> taken, Detail detail, std::size_t longest)
        : taken_(taken), detail_(detail), longest_(longest) {}

    std::vector<FileAction> group() {
        for (std::uint32_t rule = 0; rule < taken_.size(); ++rule) {
            const TakenFiles& files = taken_[rule];
            cut(rule, false, files.selection.entries.size(), [&](std::size_t i) {
                const TreeEntry& entry = files.tree.entries[files.selection.entries[i]];
                return key_of(files.tree, entry.directory);
            });
            cut(rule, true, files.selection.directories.size(), [&](std::size_t i) {
                const TreeDirectory& one = files.tree.directories[files.selection.directories[i]];
                return key_of(files.tree, one.parent);
            });
        }
        return std::move(actions_);
    }

 private:
    [[nodiscard]] std::uint32_t key_of(const FileTree& tree, std::uint32_t directory) const {
        return detail_ == Detail::root ? tree.directories[directory].root : directory;
    }

    template <typename Key>
    void cut(std::uint32_t rule, bool of_directories, std::size_t size, const Key& key) {
        for (std::size_t begin = 0; begin < size;) {
            std::size_t end = begin + 1;
            while (end < size && end - begin < longest_ && key(end) == key(begin)) {
                ++end;
            }
            actions_.push_back(
                {.rule = rule, .of_directories = of_directories, .begin = begin, .end = end});
            begin = end;
        }
    }

    std::span<const TakenFiles> taken_;
    Detail detail_;
    std::size_t longest_;
    std::vector<FileAction> actions_{};
};

}  // namespace

FileActions group_files(std::span<const TakenFiles> taken, std::size_t most) {
    std::size_t all = 0;
    for (const TakenFiles& files : taken) {
        all += files.selection.entries.size() + files.selection.directories.size();
    }
    if (all <= most) {
        return {.actions = Grouping(taken, Detail::entry, 1).group(), .detail = Detail::entry};
    }
    FileActions grouped{.actions = Grouping(taken, Detail::directory, entries_of_an_action).group(),
                        .detail = Detail::directory};
    if (grouped.actions.size() <= most) {
        return grouped;
    }
    const std::size_t longest = std::max(entries_of_an_action, 2 * all / most);
    return {.actions = Grouping(taken, Detail::root, longest).group(), .detail = Detail::root};
}

}  // namespace caretaker
