// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/plan_fingerprint.hpp"

#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/file_tree.hpp"

namespace caretaker {

void PlanFingerprint::add_entry(const FileTree& tree, const TreeEntry& entry) {
    enter(tree, entry.directory);
    add({.kind = kind_of(entry),
         .device = tree.directories[entry.directory].device,
         .inode = entry.inode,
         .name = tree.name_of(entry),
         .size = entry.size,
         .mtime = entry.mtime});
}

void PlanFingerprint::add_directory(const FileTree& tree, std::uint32_t directory) {
    const TreeDirectory& one = tree.directories[directory];
    enter(tree, one.parent);
    add({.kind = rmdir_kind,
         .device = one.device,
         .inode = one.inode,
         .name = tree.names.at(one.name),
         .mtime = one.mtime});
}

std::string PlanFingerprint::finish() {
    hash_.add(pending_);
    pending_.clear();
    return hash_.finish();
}

/// The path of a directory is hashed once for all that is in it.
void PlanFingerprint::enter(const FileTree& tree, std::uint32_t directory) {
    if (tree_ == &tree && directory_ == directory) {
        return;
    }
    tree_ = &tree;
    directory_ = directory;
    append_text("in");
    append_text(tree.path_of_directory(directory));
}

void PlanFingerprint::add(const Thing& thing) {
    constexpr std::size_t worth_a_call = 4096;
    append_text(thing.kind);
    append_text(thing.name);
    const auto append_number = [this](std::uint64_t number) {
        pending_.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    append_number(thing.device);
    append_number(thing.inode);
    append_number(thing.size);
    append_number(static_cast<std::uint64_t>(thing.mtime));
    if (pending_.size() >= worth_a_call) {
        hash_.add(pending_);
        pending_.clear();
    }
}

/// Neither kinds nor names hold a NUL, so that where one ends is known.
void PlanFingerprint::append_text(std::string_view text) {
    pending_ += text;
    pending_ += '\0';
}

}  // namespace caretaker
