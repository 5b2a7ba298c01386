// SPDX-License-Identifier: Apache-2.0
// Trees as a walk would have seen them.
#pragma once

#include "jobs/cleanup/file_tree.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace caretaker::testing {

inline constexpr std::int64_t second = 1'000'000'000;
inline constexpr std::int64_t now = std::int64_t{1'700'000'000} * second;

class TreeBuilder {
 public:
    /// A root, or a directory in `parent`; its own time is ten days before now.
    std::uint32_t directory(std::string_view name, std::uint32_t parent = TreeDirectory::none) {
        const auto index = static_cast<std::uint32_t>(tree.directories.size());
        const bool is_root = parent == TreeDirectory::none;
        tree.directories.push_back({.device = 1,
                                    .inode = ++inode_,
                                    .mtime = now - 10 * 86'400 * second,
                                    .parent = parent,
                                    .root = is_root ? roots_++ : tree.directories[parent].root,
                                    .name = tree.names.add(name),
                                    .read_to_end = true,
                                    .may_go = !is_root});
        if (!is_root) {
            ++tree.directories[parent].entries;
        }
        return index;
    }

    /// A file of 4096 bytes, `age` seconds old; returned for further changes.
    TreeEntry& file(std::uint32_t directory, std::string_view name, std::int64_t age) {
        ++tree.directories[directory].entries;
        const std::int64_t time = now - age * second;
        tree.entries.push_back({.inode = ++inode_,
                                .time = time,
                                .mtime = time,
                                .ctime = time,
                                .size = 4096,
                                .allocated = 4096,
                                .directory = directory,
                                .name = tree.names.add(name),
                                .links = 1});
        return tree.entries.back();
    }

    /// The names of what is taken, in the plan's order.
    template <typename Indices>
    [[nodiscard]] std::string names_of(const Indices& indices) const {
        std::string names;
        for (const std::uint32_t index : indices) {
            names += names.empty() ? "" : " ";
            names += tree.name_of(tree.entries[index]);
        }
        return names;
    }

    FileTree tree{};

 private:
    std::uint64_t inode_ = 100;
    std::uint32_t roots_ = 0;
};

}  // namespace caretaker::testing
