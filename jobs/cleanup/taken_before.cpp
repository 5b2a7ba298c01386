// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/taken_before.hpp"

#include "common/text/byte_escape.hpp"
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
    const std::vector<bool> inside = find_taken_directories(work.tree);
    for (TreeEntry& entry : work.tree.entries) {
        if (entry.result == Result::none &&
            (inside[entry.directory] ||
             contains(work.tree, entry.directory, work.tree.name_of(entry)))) {
            entry.verdict = EntryVerdict::other_rule;
        }
    }
    for (std::uint32_t i = 0; i < work.tree.directories.size(); ++i) {
        TreeDirectory& directory = work.tree.directories[i];
        if (inside[i] && directory.result == Result::none) {
            directory.may_go = false;
        }
    }
    hold_units(work);
}

std::vector<bool> TakenBefore::find_taken_directories(const FileTree& tree) const {
    std::vector<bool> inside(tree.directories.size());
    for (std::uint32_t i = 0; i < tree.directories.size(); ++i) {
        const TreeDirectory& one = tree.directories[i];
        const char* const name = tree.names.at(one.name);
        inside[i] = one.parent == TreeDirectory::none
                        ? lies_in_taken(name)
                        : inside[one.parent] || contains(tree, one.parent, name);
    }
    return inside;
}

void TakenBefore::hold_units(RuleWork& work) const {
    const FileTree& tree = work.contents;
    for (std::size_t i = 0; i < work.units.size(); ++i) {
        Unit& unit = work.units[i];
        TreeEntry& entry = work.tree.entries[i];
        if (entry.verdict != EntryVerdict::stays || entry.result != Result::none) {
            continue;
        }
        const auto hold = [&](const std::string& path) {
            entry.verdict = EntryVerdict::held;
            unit.kept_by = fmt::format("an earlier rule takes part of it: {}", escape_bytes(path));
        };
        for (std::size_t at = unit.entries_begin; at < unit.entries_end; ++at) {
            const TreeEntry& inner = tree.entries[at];
            if (contains(tree, inner.directory, tree.name_of(inner))) {
                hold(tree.path_of(inner));
                break;
            }
        }
        for (std::uint32_t at = unit.directory + 1;
             at < unit.directories_end && entry.verdict == EntryVerdict::stays;
             ++at) {
            const TreeDirectory& inner = tree.directories[at];
            if (contains(tree, inner.parent, tree.names.at(inner.name))) {
                hold(tree.path_of_directory(at));
            }
        }
    }
}

bool TakenBefore::lies_in_taken(std::string_view root) const {
    for (std::size_t end = root.size(); end != std::string_view::npos && end > 0;
         end = root.rfind('/', end - 1)) {
        if (units_.contains(std::string(root.substr(0, end)))) {
            return true;
        }
    }
    return false;
}

void TakenBefore::add(const RuleWork& work, const FileSelection& selection) {
    for (const RuleRoot& root : work.roots.roots) {
        roots_.push_back(root.path);
    }
    for (const std::uint32_t index : selection.entries) {
        const TreeEntry& entry = work.tree.entries[index];
        taken_.insert(key_of(work.tree, entry.directory, work.tree.name_of(entry)));
        if (work.rule.takes_trees) {
            units_.insert(work.tree.path_of(entry));
        }
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
