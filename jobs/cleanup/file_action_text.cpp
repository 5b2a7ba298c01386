// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_action_text.hpp"

#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/file_texts.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace caretaker {

namespace {

void describe_one(const FileAction& action,
                  const RuleWork& work,
                  const FileSelection& taken,
                  std::int64_t now,
                  Action& result) {
    if (action.of_directories) {
        const std::uint32_t index = taken.directories[action.begin];
        const TreeDirectory& directory = work.tree.directories[index];
        result.kind = rmdir_kind;
        result.subject = escape_bytes(work.tree.path_of_directory(index));
        result.reason = reason_of(directory, now);
        result.identity = identity_of(directory.device, directory.inode);
    } else {
        const TreeEntry& entry = work.tree.entries[taken.entries[action.begin]];
        result.kind = kind_of(entry);
        result.subject = escape_bytes(work.tree.path_of(entry));
        result.reason = reason_of(work.rule, entry, now);
        result.identity = identity_of(work.tree.id_of(entry).first, entry.inode);
    }
}

void describe_many(const FileAction& action,
                   Detail detail,
                   const RuleWork& work,
                   const FileSelection& taken,
                   Action& result) {
    std::uint32_t directory = action.of_directories
                                  ? work.tree.directories[taken.directories[action.begin]].parent
                                  : work.tree.entries[taken.entries[action.begin]].directory;
    while (detail == Detail::root &&
           work.tree.directories[directory].parent != TreeDirectory::none) {
        directory = work.tree.directories[directory].parent;
    }
    result.kind = action.of_directories   ? rmdir_kind
                  : work.rule.takes_trees ? tree_kind
                                          : unlink_kind;
    result.subject = escape_bytes(work.tree.path_of_directory(directory));
    result.reason = reason_of_many(work.rule, action.end - action.begin, action.of_directories);
    result.identity = identity_of_many;
}

}  // namespace

std::string identity_of(std::uint64_t device, std::uint64_t inode) {
    return fmt::format("{:x}:{}", device, inode);
}

Action describe_action(
    const FileAction& action, Detail detail, const RuleWork& work, Round round, std::int64_t now) {
    const FileSelection& taken = work.taken_in(round);
    Action result{.bytes = 0};
    for (std::size_t i = action.begin; !action.of_directories && i < action.end; ++i) {
        *result.bytes += freed_bytes(work.tree.entries[taken.entries[i]]);
    }
    if (detail == Detail::entry) {
        describe_one(action, work, taken, now, result);
    } else {
        describe_many(action, detail, work, taken, result);
    }
    return result;
}

}  // namespace caretaker
