// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/taken_before.hpp"

#include "jobs/cleanup/path_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

std::string key_of(const FileTree& tree, std::uint32_t directory, const char* name) {
    const TreeDirectory& one = tree.directories[directory];
    return fmt::format("{:x}/{:x}/{}", one.device, one.inode, name);
}

}  // namespace

void TakenBefore::mark(RuleWork& work) const {
    if (std::ranges::none_of(work.roots.roots,
                             [&](const RuleRoot& root) { return overlaps(root.path); })) {
        return;
    }
    for (TreeEntry& entry : work.tree.entries) {
        if (entry.result == Result::none &&
            contains(work.tree, entry.directory, work.tree.name_of(entry))) {
            entry.verdict = EntryVerdict::other_rule;
        }
    }
    for (TreeDirectory& directory : work.tree.directories) {
        if (directory.parent != TreeDirectory::none && directory.result == Result::none &&
            contains(work.tree, directory.parent, work.tree.names.at(directory.name))) {
            directory.may_go = false;
        }
    }
}

void TakenBefore::add(const RuleWork& work, const FileSelection& selection) {
    for (const RuleRoot& root : work.roots.roots) {
        roots_.push_back(root.path);
    }
    for (const std::uint32_t index : selection.entries) {
        const TreeEntry& entry = work.tree.entries[index];
        taken_.insert(key_of(work.tree, entry.directory, work.tree.name_of(entry)));
    }
    for (const std::uint32_t index : selection.directories) {
        const TreeDirectory& one = work.tree.directories[index];
        taken_.insert(key_of(work.tree, one.parent, work.tree.names.at(one.name)));
    }
}

bool TakenBefore::overlaps(std::string_view root) const {
    return std::ranges::any_of(roots_, [&](const std::string& other) {
        return is_within(root, other) || is_within(other, root);
    });
}

bool TakenBefore::contains(const FileTree& tree, std::uint32_t directory, const char* name) const {
    return taken_.contains(key_of(tree, directory, name));
}

}  // namespace caretaker
