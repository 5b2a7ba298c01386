// SPDX-License-Identifier: Apache-2.0
// Directories that are judged and removed as a whole, with everything in them.
#pragma once

#include "common/text/path_pattern.hpp"
#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/file_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

class StopSignal;

struct Unit {
    std::uint32_t directory = 0;        // its own, in FileTree::directories
    std::uint32_t directories_end = 0;  // those from `directory` on are its, each before its inner
    std::size_t entries_begin = 0;      // in FileTree::entries
    std::size_t entries_end = 0;
    std::int64_t newest = 0;      // the newest time of anything in it, itself included
    std::uint64_t allocated = 0;  // bytes that its removal frees
    std::string kept_by{};        // why it must stay: "a mount point: /…"; empty: it may go
    std::size_t removed = 0;      // of its entries and directories, should it be left amid
    std::uint64_t freed = 0;      // bytes, by those

    [[nodiscard]] std::size_t size() const {
        return entries_end - entries_begin + directories_end - directory;
    }
};

/// As describe_result() of an entry: "failed: stopped after 12 of 40: EPERM (…)".
std::string describe_result(const Unit& unit, const TreeEntry& entry);

/// Reads whole directories into one tree. Changes nothing, not even a time of access.
class UnitWalk {
 public:
    struct Surroundings {
        std::span<const PathPattern> protect{};     // absolute
        const std::set<std::string>& live_sockets;  // absolute paths
        AgeBy age_by = AgeBy::mtime;
        const StopSignal& stop;
        std::int64_t& looked_at;  // counts entries
    };

    UnitWalk(const Surroundings& around, DirectoryOpener& opener, FileTree& tree)
        : around_(around), opener_(opener), tree_(tree) {}

    /// Adds the directory that is open as `fd` and of that path to the tree, without looking into
    /// it: what units lie in.
    std::uint32_t add_parent(int fd, std::string_view name, std::uint32_t parent);

    /// Takes back what the last walk() added.
    void forget(const Unit& unit);

    /// The directory `name` in that one. One protected, mounted, locked, immutable or unreadable
    /// thing in it keeps it all. Throws Interrupted.
    Unit walk(int parent_fd,
              std::uint32_t parent,
              const std::string& parent_path,
              const std::string& name);

 private:
    void enter(int parent_fd, std::uint32_t parent, const std::string& path, const char* name);
    void read(int fd, std::uint32_t directory, const std::string& path);
    void take_in(int fd, std::uint32_t directory, const std::string& path, std::string_view name);
    void keep(const std::string& path, std::string_view why);
    void sum_up(Unit& unit) const;
    std::uint32_t add(const FileFacts& facts, std::uint32_t parent, std::string_view name);

    Surroundings around_;
    DirectoryOpener& opener_;
    FileTree& tree_;
    std::string kept_by_{};
    std::int64_t newest_ = 0;
};

}  // namespace caretaker
