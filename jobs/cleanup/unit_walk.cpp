// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/unit_walk.hpp"

#include "common/base/stop_signal.hpp"
#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/directory_lock.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/files_plan.hpp"
#include "jobs/cleanup/protection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::int64_t entries_between_looks = 4096;
constexpr std::size_t deepest = 256;  // levels of one unit

}  // namespace

std::string describe_result(const Unit& unit, const TreeEntry& entry) {
    if (entry.result != Result::failed || unit.removed == 0) {
        return describe_result(entry.result, entry.error);
    }
    return fmt::format("failed: stopped after {} of {}{}",
                       unit.removed,
                       unit.size(),
                       entry.error == 0 ? "" : ": " + describe_errno(entry.error));
}

std::uint32_t UnitWalk::add(const FileFacts& facts, std::uint32_t parent, std::string_view name) {
    const bool is_root = parent == TreeDirectory::none;
    return tree_.add_directory(facts, parent, is_root ? 0 : tree_.directories[parent].root, name);
}

std::uint32_t UnitWalk::add_parent(int fd, std::string_view name, std::uint32_t parent) {
    FileFacts facts;
    look_at(fd, "", facts);  // what cannot be looked at is found to be another one later
    return add(facts, parent, name);
}

Unit UnitWalk::walk(int parent_fd,
                    std::uint32_t parent,
                    const std::string& parent_path,
                    const std::string& name) {
    Unit unit{.directory = static_cast<std::uint32_t>(tree_.directories.size()),
              .entries_begin = tree_.entries.size()};
    kept_by_.clear();
    newest_ = std::numeric_limits<std::int64_t>::min();
    if (tree_.directories[parent].append_only) {
        keep(parent_path, "immutable or append-only");
    }
    enter(parent_fd, parent, fmt::format("{}/{}", parent_path, name), name.c_str());
    unit.directories_end = static_cast<std::uint32_t>(tree_.directories.size());
    unit.entries_end = tree_.entries.size();
    unit.newest = newest_;
    unit.kept_by = kept_by_;
    if (unit.directories_end == unit.directory && unit.kept_by.empty()) {
        unit.kept_by = "gone when it was looked at";
    }
    sum_up(unit);
    return unit;
}

void UnitWalk::forget(const Unit& unit) {
    tree_.directories.resize(unit.directory);
    tree_.entries.resize(unit.entries_begin);
}

void UnitWalk::keep(const std::string& path, std::string_view why) {
    if (kept_by_.empty()) {
        kept_by_ = fmt::format("{}: {}", why, escape_bytes(path));
    }
}

void UnitWalk::enter(int parent_fd,
                     std::uint32_t parent,
                     const std::string& path,
                     const char* name) {
    if (is_protected(around_.protect, path)) {
        keep(path, "protected by cleanup.protect");
        return;
    }
    const OpenedDirectory opened = opener_.open_child(parent_fd, name);
    FileFacts facts;
    const int error = opened.error != 0 ? opened.error : look_at(opened.fd.get(), "", facts);
    if (error == EXDEV) {
        keep(path, "a mount point");
    } else if (error == ENOENT || error == ENOTDIR || error == ELOOP) {
        return;  // gone, or another thing by now
    } else if (error != 0) {
        keep(path, describe_errno(error));
    } else {
        newest_ = std::max(newest_, time_by(around_.age_by, facts));
        read(opened.fd.get(), add(facts, parent, name), path);
    }
}

void UnitWalk::read(int fd, std::uint32_t directory, const std::string& path) {
    const DirectoryLock lock(fd);
    if (lock.is_held_by_other()) {
        keep(path, "locked by another process");
        return;
    }
    if (tree_.directories[directory].append_only) {
        keep(path, "immutable or append-only");
    }
    std::vector<std::string> children;
    DirectoryReader reader;
    const int error = reader.read(fd, [&](std::string_view name, std::optional<EntryType> type) {
        if (++around_.looked_at % entries_between_looks == 0) {
            around_.stop.check();
        }
        FileFacts facts;
        if (!type && look_at(fd, name.data(), facts) == 0) {
            type = facts.type;
        }
        if (type == EntryType::directory) {
            children.emplace_back(name);
        } else {
            take_in(fd, directory, path, name);
        }
    });
    if (error != 0) {
        keep(path, describe_errno(error));
    }
    const auto slashes = static_cast<std::size_t>(std::ranges::count(path, '/'));
    if (!children.empty() && slashes > deepest) {
        keep(path, "deeper than 256 levels");
        return;
    }
    for (const std::string& name : children) {
        enter(fd, directory, fmt::format("{}/{}", path, name), name.c_str());
    }
}

void UnitWalk::take_in(int fd,
                       std::uint32_t directory,
                       const std::string& path,
                       std::string_view name) {
    const auto own_path = [&] { return fmt::format("{}/{}", path, name); };
    if (name == keep_file_name) {
        keep(own_path(), "protected by a file .caretaker-keep");
    }
    if (!around_.protect.empty() && is_protected(around_.protect, own_path())) {
        keep(own_path(), "protected by cleanup.protect");
    }
    FileFacts facts;
    const int error = look_at(fd, name.data(), facts);
    if (error == ENOENT) {
        return;
    }
    if (error != 0) {
        keep(own_path(), describe_errno(error));
        return;
    }
    if (facts.mount_root) {
        keep(own_path(), "a mount point");
    } else if (facts.immutable || facts.append_only) {
        keep(own_path(), "immutable or append-only");
    } else if (facts.type == EntryType::other) {
        keep(own_path(), "a device");
    } else if (facts.type == EntryType::socket && around_.live_sockets.contains(own_path())) {
        keep(own_path(), "a socket in use");
    }
    const std::int64_t time = time_by(around_.age_by, facts);
    newest_ = std::max(newest_, time);
    tree_.entries.push_back(make_entry(facts, time, directory, tree_.names.add(name)));
}

/// A file frees its space with the last of its links.
void UnitWalk::sum_up(Unit& unit) const {
    std::map<std::uint64_t, std::uint32_t> links;
    for (std::size_t i = unit.entries_begin; i < unit.entries_end; ++i) {
        const TreeEntry& entry = tree_.entries[i];
        if (entry.links <= 1 || ++links[entry.inode] == entry.links) {
            unit.allocated += entry.allocated;
        }
    }
}

}  // namespace caretaker
