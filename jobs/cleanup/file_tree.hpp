// SPDX-License-Identifier: Apache-2.0
// What a walk saw below the roots of one rule, small enough for millions of entries.
#pragma once

#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/inode_id.hpp"
#include "jobs/cleanup/name_arena.hpp"

#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// What a plan makes of an entry or a directory.
enum class EntryVerdict : std::uint8_t {
    stays,        // no limit asks for it
    young,        // below min_age
    newest,       // one of the newest of its group
    other_rule,   // an earlier rule takes it
    in_use,       // a process has it open
    use_unknown,  // whether one has cannot be told
    unwritten,    // none has, and the rule only empties what is written into
    immutable,    // the kernel would refuse
    held,         // a unit with something in it that must stay
    by_age,       // taken from here on
    by_size,      // to be emptied
    by_number,    // not one of the newest
    by_budget,    // to get below the largest total size
    by_pressure,  // because the disk is nearly full
    emptied,      // it would go, but a process appends to it
    empty_directory,
};

constexpr bool is_taken(EntryVerdict verdict) {
    return verdict >= EntryVerdict::by_age;
}

/// What became of what was taken.
enum class Result : std::uint8_t {
    none,  // nothing was tried
    done,
    gone,     // somebody else was first
    changed,  // not what was planned any more: left alone
    failed,
};

/// Whether it is not there any more.
constexpr bool is_away(Result result) {
    return result == Result::done || result == Result::gone;
}

/// One entry that a rule matches; 64 bytes. Times in nanoseconds since 1970.
struct TreeEntry {
    std::uint64_t inode = 0;
    std::int64_t time = 0;  // the one that the rule goes by
    std::int64_t mtime = 0;
    std::int64_t ctime = 0;
    std::uint64_t size = 0;
    std::uint64_t allocated = 0;  // bytes
    std::uint32_t directory = 0;  // index
    std::uint32_t name = 0;       // in the arena
    std::uint16_t links = 0;      // 65535: so many or more
    EntryType type = EntryType::file;
    EntryVerdict verdict = EntryVerdict::stays;
    Result result = Result::none;
    std::uint8_t error = 0;  // errno of a failure
    bool immutable : 1 = false;
    bool held_open : 1 = false;      // by a process, which keeps its space
    bool frees_nothing : 1 = false;  // for that, or for further links
};

static_assert(sizeof(TreeEntry) == 64);

/// The entry `name` (in the arena) of `directory` as it was found; `time` is the one that its rule
/// goes by. Whether it is immutable is left to the walk that asks.
TreeEntry make_entry(const FileFacts& facts,
                     std::int64_t time,
                     std::uint32_t directory,
                     std::uint32_t name);

struct TreeDirectory {
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t mtime = 0;  // before the run
    std::uint32_t parent = none;
    std::uint32_t root = 0;     // index of its root
    std::uint32_t name = 0;     // in the arena; of a root the whole path
    std::uint32_t entries = 0;  // of any kind, when it was read
    bool read_to_end = false;
    bool may_go = false;       // unless it holds something
    bool append_only = false;  // nothing can be taken out of it
    EntryVerdict verdict = EntryVerdict::stays;
    Result result = Result::none;
    std::uint8_t error = 0;
};

struct FileTree {
    NameArena names{};
    std::vector<TreeDirectory> directories{};  // each before those in it
    std::deque<TreeEntry> entries{};           // those of one directory together

    /// Returns its index.
    std::uint32_t add_directory(const FileFacts& facts,
                                std::uint32_t parent,
                                std::uint32_t root,
                                std::string_view name) {
        directories.push_back({.device = facts.device,
                               .inode = facts.inode,
                               .mtime = facts.mtime,
                               .parent = parent,
                               .root = root,
                               .name = names.add(name),
                               .append_only = facts.append_only || facts.immutable});
        return static_cast<std::uint32_t>(directories.size() - 1);
    }

    [[nodiscard]] InodeId id_of(const TreeEntry& entry) const {
        return {directories[entry.directory].device, entry.inode};
    }

    /// Whether the kernel would refuse to take it away.
    [[nodiscard]] bool is_immutable(const TreeEntry& entry) const {
        return entry.immutable || directories[entry.directory].append_only;
    }

    [[nodiscard]] const char* name_of(const TreeEntry& entry) const { return names.at(entry.name); }

    /// Absolute, as bytes.
    [[nodiscard]] std::string path_of_directory(std::uint32_t directory) const {
        const TreeDirectory& one = directories[directory];
        if (one.parent == TreeDirectory::none) {
            return names.at(one.name);
        }
        return path_of_directory(one.parent) + '/' + names.at(one.name);
    }

    [[nodiscard]] std::string path_of(const TreeEntry& entry) const {
        return path_of_directory(entry.directory) + '/' + name_of(entry);
    }
};

}  // namespace caretaker
