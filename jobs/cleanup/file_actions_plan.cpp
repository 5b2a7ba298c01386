// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_actions_plan.hpp"

#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/pace_plan.hpp"

#include <algorithm>

namespace caretaker {

namespace {

/// So many entries at most are looked at again should the run die amidst them.
constexpr std::size_t entries_of_an_action = 1000;

class Grouping {
 public:
    Grouping(std::span<const TakenFiles> taken,
             const Pace& pace,
             Detail detail,
             std::size_t longest)
        : taken_(taken), pace_(pace), detail_(detail), longest_(longest) {}

    std::vector<FileAction> group() {
        for (std::uint32_t rule = 0; rule < taken_.size(); ++rule) {
            const TakenFiles& files = taken_[rule];
            cut(rule, false, files.selection.entries.size(), [&](std::size_t i) {
                const TreeEntry& entry = files.tree.entries[files.selection.entries[i]];
                return Element{key_of(files.tree, entry.directory), freed_bytes(entry)};
            });
            cut(rule, true, files.selection.directories.size(), [&](std::size_t i) {
                const TreeDirectory& one = files.tree.directories[files.selection.directories[i]];
                return Element{key_of(files.tree, one.parent), 0};
            });
        }
        return std::move(actions_);
    }

 private:
    struct Element {
        std::uint32_t key = 0;  // one action has those of one key
        std::int64_t bytes = 0;
    };

    [[nodiscard]] std::uint32_t key_of(const FileTree& tree, std::uint32_t directory) const {
        return detail_ == Detail::root ? tree.directories[directory].root : directory;
    }

    template <typename ElementAt>
    void cut(std::uint32_t rule, bool of_directories, std::size_t size, const ElementAt& at) {
        for (std::size_t begin = 0; begin < size;) {
            const Element first = at(begin);
            BatchSize all{.entries = 1, .bytes = first.bytes};
            std::size_t end = begin + 1;
            for (; end < size && end - begin < longest_; ++end) {
                const Element next = at(end);
                all += {.entries = 1, .bytes = next.bytes};
                if (next.key != first.key || !fits_into_a_second(pace_, all)) {
                    break;
                }
            }
            actions_.push_back(
                {.rule = rule, .of_directories = of_directories, .begin = begin, .end = end});
            begin = end;
        }
    }

    std::span<const TakenFiles> taken_;
    const Pace& pace_;
    Detail detail_;
    std::size_t longest_;
    std::vector<FileAction> actions_{};
};

}  // namespace

FileActions group_files(std::span<const TakenFiles> taken, std::size_t most, const Pace& pace) {
    std::size_t all = 0;
    for (const TakenFiles& files : taken) {
        all += files.selection.entries.size() + files.selection.directories.size();
    }
    if (all <= most) {
        return {.actions = Grouping(taken, pace, Detail::entry, 1).group(),
                .detail = Detail::entry};
    }
    FileActions grouped{
        .actions = Grouping(taken, pace, Detail::directory, entries_of_an_action).group(),
        .detail = Detail::directory};
    if (grouped.actions.size() <= most) {
        return grouped;
    }
    const std::size_t longest = std::max(entries_of_an_action, 2 * all / most);
    return {.actions = Grouping(taken, pace, Detail::root, longest).group(),
            .detail = Detail::root};
}

}  // namespace caretaker
