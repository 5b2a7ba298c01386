// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_tree.hpp"

#include <algorithm>

namespace caretaker {

TreeEntry make_entry(const FileFacts& facts,
                     std::int64_t time,
                     std::uint32_t directory,
                     std::uint32_t name) {
    constexpr std::uint32_t most_links = std::numeric_limits<std::uint16_t>::max();
    return {.inode = facts.inode,
            .time = time,
            .mtime = facts.mtime,
            .ctime = facts.ctime,
            .size = facts.size,
            .allocated = facts.allocated,
            .directory = directory,
            .name = name,
            .links = static_cast<std::uint16_t>(std::min(facts.links, most_links)),
            .type = facts.type};
}

}  // namespace caretaker
