// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_plan.hpp"

#include "jobs/cleanup/space_limits.hpp"
#include "jobs/cleanup/taken_links.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace caretaker {

namespace {

/// In a directory of which more is taken, inodes in their order cost a quarter less.
constexpr std::size_t most_by_age = 1000;

bool is_left_out(const TreeEntry& entry) {
    return entry.verdict == EntryVerdict::other_rule || entry.verdict == EntryVerdict::in_use ||
           entry.verdict == EntryVerdict::use_unknown || entry.verdict == EntryVerdict::held ||
           entry.verdict == EntryVerdict::unwritten || entry.verdict == EntryVerdict::emptied ||
           entry.result != Result::none;
}

class Selector {
 public:
    Selector(const FileRule& rule,
             FileTree& tree,
             std::int64_t now,
             std::span<const DiskSpace> disks)
        : rule_(rule),
          tree_(tree),
          now_(now),
          disks_(disks),
          young_from_(limit_of_age(now, rule.min_age)) {}

    FileSelection select() {
        begin_anew();
        if (rule_.compares_entries()) {
            sort_all();
            keep_newest();
        }
        if (rule_.only_empties) {
            take_single_links();
        } else {
            take_by_age();
        }
        set_aside_immutable();
        const OldestFirst oldest{.tree = tree_, .order = order_, .young_from = young_from_};
        if (rule_.max_total_size) {
            selection_.budget_met = take_by_budget(oldest, *rule_.max_total_size);
        }
        for (const DiskSpace& disk : disks_) {
            take_by_pressure(oldest, rule_, disk);
        }
        collect();
        if (rule_.remove_empty_dirs) {
            take_empty_directories();
        }
        return std::move(selection_);
    }

 private:
    void begin_anew() {
        for (TreeEntry& entry : tree_.entries) {
            if (entry.result != Result::none) {
                continue;
            }
            if (!is_left_out(entry)) {
                entry.verdict = EntryVerdict::stays;
            }
            entry.frees_nothing = false;
        }
        for (TreeDirectory& directory : tree_.directories) {
            if (directory.result == Result::none) {
                directory.verdict = EntryVerdict::stays;
            }
        }
    }

    /// Whether the path of the one is less by its bytes. Whole paths are put together only where
    /// one directory lies in the other.
    [[nodiscard]] bool is_path_less(const TreeEntry& one, const TreeEntry& other) const {
        if (one.directory == other.directory) {
            return std::strcmp(tree_.name_of(one), tree_.name_of(other)) < 0;
        }
        const std::string_view a = directory_paths_[one.directory];
        const std::string_view b = directory_paths_[other.directory];
        const std::size_t both = std::min(a.size(), b.size());
        const int order = a.substr(0, both).compare(b.substr(0, both));
        return order != 0 ? order < 0 : tree_.path_of(one) < tree_.path_of(other);
    }

    /// Oldest first; of equal times the path that is greater by its bytes counts as newer.
    void sort_all() {
        directory_paths_.reserve(tree_.directories.size());
        for (std::uint32_t i = 0; i < tree_.directories.size(); ++i) {
            directory_paths_.push_back(tree_.path_of_directory(i) + '/');
        }
        for (std::uint32_t i = 0; i < tree_.entries.size(); ++i) {
            if (!is_left_out(tree_.entries[i])) {
                order_.push_back(i);
            }
        }
        std::ranges::sort(order_, [&](std::uint32_t a, std::uint32_t b) {
            const TreeEntry& one = tree_.entries[a];
            const TreeEntry& other = tree_.entries[b];
            return one.time != other.time ? one.time < other.time : is_path_less(one, other);
        });
    }

    [[nodiscard]] std::uint32_t group_of(const TreeEntry& entry) const {
        switch (rule_.group_by) {
            case GroupBy::dir:
                return entry.directory;
            case GroupBy::root:
                return tree_.directories[entry.directory].root;
            case GroupBy::rule:
                break;
        }
        return 0;
    }

    void keep_newest() {
        std::unordered_map<std::uint32_t, std::int64_t> kept;
        for (auto it = order_.rbegin(); it != order_.rend(); ++it) {
            TreeEntry& entry = tree_.entries[*it];
            if (rule_.keep_newest > 0 && kept[group_of(entry)]++ < rule_.keep_newest) {
                entry.verdict = EntryVerdict::newest;
            }
        }
    }

    /// Save what has a name elsewhere: who writes into a directory may have put it there.
    void take_single_links() {
        for (TreeEntry& entry : tree_.entries) {
            if (entry.verdict == EntryVerdict::stays && entry.links == 1) {
                entry.verdict = EntryVerdict::by_size;
            }
        }
    }

    void take_by_age() {
        const bool by_number =
            !rule_.older_than && !rule_.max_total_size && !rule_.relieves_pressure();
        if (!rule_.older_than && !by_number) {
            return;
        }
        const std::int64_t limit =
            rule_.older_than ? limit_of_age(now_, *rule_.older_than) : young_from_;
        for (TreeEntry& entry : tree_.entries) {
            if (entry.verdict != EntryVerdict::stays) {
                continue;
            }
            if (entry.time < limit) {
                entry.verdict = by_number ? EntryVerdict::by_number : EntryVerdict::by_age;
            } else if (by_number) {
                entry.verdict = EntryVerdict::young;
            }
        }
    }

    void set_aside_immutable() {
        for (TreeEntry& entry : tree_.entries) {
            if (is_taken(entry.verdict) && tree_.is_immutable(entry)) {
                entry.verdict = EntryVerdict::immutable;
            }
        }
    }

    void collect() {
        TakenLinks links;
        links.take_those_away(tree_);
        for (std::uint32_t i = 0; i < tree_.entries.size(); ++i) {
            TreeEntry& entry = tree_.entries[i];
            if (!is_taken(entry.verdict) || entry.result != Result::none) {
                continue;
            }
            selection_.entries.push_back(i);
            if (entry.verdict != EntryVerdict::emptied) {
                entry.frees_nothing = entry.held_open || links.take(tree_, entry);
            }
        }
        // The entries of one directory stand together already.
        const auto end = selection_.entries.end();
        for (auto begin = selection_.entries.begin(); begin != end;) {
            const std::uint32_t directory = tree_.entries[*begin].directory;
            const auto next = std::find_if(begin, end, [&](std::uint32_t index) {
                return tree_.entries[index].directory != directory;
            });
            sort_directory({begin, next});
            begin = next;
        }
    }

    void sort_directory(std::span<std::uint32_t> indices) {
        if (indices.size() > most_by_age) {
            std::ranges::sort(
                indices, {}, [&](std::uint32_t index) { return tree_.entries[index].inode; });
            return;
        }
        std::ranges::sort(indices, [&](std::uint32_t a, std::uint32_t b) {
            const TreeEntry& one = tree_.entries[a];
            const TreeEntry& other = tree_.entries[b];
            if (one.time != other.time) {
                return one.time < other.time;
            }
            return std::strcmp(tree_.name_of(one), tree_.name_of(other)) < 0;
        });
    }

    void take_empty_directories() {
        const std::int64_t limit = limit_of_age(now_, rule_.older_than.value_or(rule_.min_age));
        std::vector<std::uint32_t> remaining;
        remaining.reserve(tree_.directories.size());
        for (const TreeDirectory& directory : tree_.directories) {
            remaining.push_back(directory.entries);
        }
        for (const TreeEntry& entry : tree_.entries) {
            const bool goes = is_taken(entry.verdict) && entry.verdict != EntryVerdict::emptied &&
                              (entry.result == Result::none || is_away(entry.result));
            if (goes || entry.verdict == EntryVerdict::other_rule) {
                --remaining[entry.directory];
            }
        }
        for (auto i = static_cast<std::uint32_t>(tree_.directories.size()); i-- > 0;) {
            TreeDirectory& directory = tree_.directories[i];
            if (directory.result != Result::none) {
                remaining[directory.parent] -= is_away(directory.result) ? 1 : 0;
                continue;
            }
            const bool parent_lets_go = directory.parent != TreeDirectory::none &&
                                        !tree_.directories[directory.parent].append_only;
            if (directory.may_go && directory.read_to_end && parent_lets_go && remaining[i] == 0 &&
                directory.mtime < limit) {
                directory.verdict = EntryVerdict::empty_directory;
                selection_.directories.push_back(i);
                --remaining[directory.parent];
            }
        }
    }

    const FileRule& rule_;
    FileTree& tree_;
    std::int64_t now_;
    std::span<const DiskSpace> disks_;
    std::int64_t young_from_;
    std::vector<std::string> directory_paths_{};  // with a slash behind each
    std::vector<std::uint32_t> order_{};
    FileSelection selection_{};
};

}  // namespace

FileSelection select_files(const FileRule& rule,
                           FileTree& tree,
                           std::int64_t now,
                           std::span<const DiskSpace> disks) {
    return Selector(rule, tree, now, disks).select();
}

std::int64_t limit_of_age(std::int64_t now, std::chrono::milliseconds age) {
    return now - std::chrono::nanoseconds(age).count();
}

std::int64_t time_by(AgeBy by, const FileFacts& facts) {
    switch (by) {
        case AgeBy::mtime:
            return facts.mtime;
        case AgeBy::atime:
            return facts.atime;
        case AgeBy::ctime:
            return facts.ctime;
        case AgeBy::birth:
            // Without a birth time, the earliest time that is sure to be no later than it is not
            // known; the newest one errs to the safe side.
            return facts.birth != 0 ? facts.birth : std::max(facts.mtime, facts.ctime);
        case AgeBy::newest:
            break;
    }
    return std::max(facts.mtime, facts.ctime);
}

}  // namespace caretaker
