// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_in_use.hpp"

#include "common/base/stop_signal.hpp"
#include "jobs/cleanup/directory_cursor.hpp"
#include "jobs/cleanup/file_writers.hpp"

#include <cstddef>
#include <cstdint>

namespace caretaker {

namespace {

/// Asks about the files of one tree.
class TreeProbe {
 public:
    TreeProbe(const FileTree& tree,
              OpenFileProbe& probe,
              DirectoryOpener& opener,
              const StopSignal& stop)
        : tree_(tree), probe_(probe), cursor_(tree, opener), stop_(stop) {}

    FileUse use_of(const TreeEntry& entry, bool is_overlay) {
        if (entry.type != EntryType::file) {
            return FileUse::free;
        }
        stop_.check();
        const ReachedDirectory directory = cursor_.go_to(entry.directory);
        if (directory.fd < 0) {
            return FileUse::free;  // the second look will find out
        }
        return probe_.probe(directory.fd,
                            tree_.name_of(entry),
                            tree_.directories[entry.directory].device,
                            entry.inode,
                            is_overlay);
    }

    /// One file in it that is not free is enough.
    FileUse use_of(const Unit& unit, bool is_overlay) {
        for (std::size_t i = unit.entries_begin; i < unit.entries_end; ++i) {
            const FileUse use = use_of(tree_.entries[i], is_overlay);
            if (use != FileUse::free) {
                return use;
            }
        }
        return FileUse::free;
    }

 private:
    const FileTree& tree_;
    OpenFileProbe& probe_;
    DirectoryCursor cursor_;
    const StopSignal& stop_;
};

/// Where it goes in any case, asking tells how much becomes free, which is of no account for a
/// small file.
bool goes_unasked(const FileRule& rule, const TreeEntry& entry) {
    constexpr std::uint64_t small = 64 * 1024;
    return rule.open_files == OpenFiles::ignore && !rule.takes_trees && entry.allocated < small;
}

bool may_be_emptied(const RuleWork& work, const TreeEntry& entry, FileUse use) {
    return work.rule.open_files == OpenFiles::truncate && use == FileUse::in_use &&
           entry.type == EntryType::file && entry.size > work.rule.truncate_over &&
           find_writers(work.tree.id_of(entry)) == FileWriters::append;
}

/// Whether the use makes a difference to what is taken; the entry says so then.
bool book_use(const RuleWork& work, TreeEntry& entry, FileUse use) {
    if (use == FileUse::free) {
        if (work.rule.only_empties) {
            entry.verdict = EntryVerdict::unwritten;
        }
        return work.rule.only_empties;
    }
    if (may_be_emptied(work, entry, use)) {
        entry.verdict = EntryVerdict::emptied;
        return true;
    }
    if (work.rule.open_files == OpenFiles::ignore) {
        entry.held_open = true;
        entry.frees_nothing = true;
        return work.rule.relieves_pressure();
    }
    entry.verdict = use == FileUse::in_use ? EntryVerdict::in_use : EntryVerdict::use_unknown;
    return true;
}

}  // namespace

bool find_files_in_use(RuleWork& work,
                       const FileSelection& selection,
                       OpenFileProbe& probe,
                       DirectoryOpener& opener,
                       const StopSignal& stop) {
    const bool of_trees = work.rule.takes_trees;
    TreeProbe tree(of_trees ? work.contents : work.tree, probe, opener, stop);
    bool found = false;
    for (const std::uint32_t index : selection.entries) {
        TreeEntry& entry = work.tree.entries[index];
        if (entry.verdict == EntryVerdict::emptied || entry.held_open ||
            goes_unasked(work.rule, entry)) {
            continue;
        }
        const bool is_overlay =
            work.roots.roots[work.tree.directories[entry.directory].root].is_overlay;
        const FileUse use =
            of_trees ? tree.use_of(work.units[index], is_overlay) : tree.use_of(entry, is_overlay);
        found = book_use(work, entry, use) || found;
    }
    return found;
}

}  // namespace caretaker
