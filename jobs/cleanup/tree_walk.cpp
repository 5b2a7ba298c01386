// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/tree_walk.hpp"

#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/directory_lock.hpp"
#include "jobs/cleanup/files_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

namespace caretaker {

namespace {

constexpr std::int64_t future_tolerance = std::int64_t{5} * 60 * 1'000'000'000;
constexpr std::int64_t entries_between_looks = 4096;

}  // namespace

TreeWalk::TreeWalk(const FileRule& rule,
                   const Surroundings& around,
                   DirectoryOpener& opener,
                   FileTree& tree,
                   WalkCounts& counts,
                   std::vector<WalkProblem>& problems)
    : rule_(rule),
      around_(around),
      opener_(opener),
      tree_(tree),
      counts_(counts),
      problems_(problems) {}

void TreeWalk::walk(int directory, const std::string& path, std::uint32_t root) {
    root_path_ = path;
    relative_.clear();
    FileFacts facts;
    if (const int error = look_at(directory, "", facts); error != 0) {
        problems_.push_back({.path = path, .error = error});
        return;
    }
    at_top_ = facts.mount_root;
    const std::uint32_t index = tree_.add_directory(facts, TreeDirectory::none, root, path);
    read_directory(directory, index, 0);
}

/// The name of `fd` is in relative_ already.
void TreeWalk::read_directory(int fd, std::uint32_t index, int depth) {
    const DirectoryLock lock(fd);
    if (lock.is_held_by_other()) {
        leave_out("", LeftOut::locked);
        return;
    }
    FileFacts keep;
    if (look_at(fd, keep_file_name.data(), keep) == 0) {
        leave_out("", LeftOut::keep_file);
        return;
    }
    for (const std::string& name : read_entries(fd, index, depth)) {
        enter(fd, index, name, depth + 1);
    }
}

std::vector<std::string> TreeWalk::read_entries(int fd, std::uint32_t index, int depth) {
    std::vector<std::string> children;
    std::uint32_t entries = 0;
    const int error = reader_.read(fd, [&](std::string_view name, std::optional<EntryType> type) {
        ++entries;
        if (++counts_.looked_at % entries_between_looks == 0) {
            around_.stop.check();
            if (around_.progress) {
                around_.progress(counts_.looked_at);
            }
        }
        if (depth == 0 && at_top_ && is_of_system(name)) {
            leave_out(name, LeftOut::of_system);
            return;
        }
        FileFacts facts;
        if (!type) {
            if (const int failure = look_at(fd, name.data(), facts); failure != 0) {
                fail(name, failure);
                return;
            }
            type = facts.type;
        }
        if (*type == EntryType::directory) {
            children.emplace_back(name);
        } else if (!wants(*type)) {
            leave_out(name, LeftOut::type);
        } else if (passes_names(name, depth + 1)) {
            take_in(fd, index, name);
        }
    });
    TreeDirectory& directory = tree_.directories[index];
    directory.entries = entries;
    directory.read_to_end = error == 0;
    if (error != 0) {
        fail("", error);
    }
    return children;
}

void TreeWalk::enter(int parent, std::uint32_t parent_index, const std::string& name, int depth) {
    if (is_guarded(name)) {
        leave_out(name, LeftOut::guarded);
        return;
    }
    if (fits_any(rule_.exclude, name)) {
        leave_out(name, LeftOut::excluded);
        return;
    }
    if (depth >= rule_.max_depth) {
        leave_out(name, LeftOut::depth);
        return;
    }
    const OpenedDirectory opened = opener_.open_child(parent, name.c_str());
    if (opened.error == EXDEV) {
        leave_out(name, LeftOut::mounted);
        return;
    }
    FileFacts facts;
    const int error = opened.error != 0 ? opened.error : look_at(opened.fd.get(), "", facts);
    if (error != 0) {
        fail(name, error);
        return;
    }
    const std::uint32_t root = tree_.directories[parent_index].root;
    const std::uint32_t index = tree_.add_directory(facts, parent_index, root, name);
    tree_.directories[index].may_go = may_go(name);
    const std::size_t length = relative_.size();
    relative_ += name;
    relative_ += '/';
    read_directory(opened.fd.get(), index, depth);
    relative_.resize(length);
}

bool TreeWalk::may_go(std::string_view name) const {
    return rule_.remove_empty_dirs && !fits_any(rule_.keep_dirs, name);
}

bool TreeWalk::passes_names(std::string_view name, int depth) {
    if (depth < rule_.min_depth || depth > rule_.max_depth) {
        leave_out(name, LeftOut::depth);
        return false;
    }
    if (is_guarded(name)) {
        leave_out(name, LeftOut::guarded);
        return false;
    }
    if (fits_any(rule_.exclude, name)) {
        leave_out(name, LeftOut::excluded);
        return false;
    }
    if (!fits_any(rule_.match, name)) {
        leave_out(name, LeftOut::no_match);
        return false;
    }
    return true;
}

void TreeWalk::take_in(int fd, std::uint32_t directory, std::string_view name) {
    FileFacts facts;
    if (const int error = look_at(fd, name.data(), facts); error != 0) {
        fail(name, error);
        return;
    }
    if (!wants(facts.type)) {
        leave_out(name, LeftOut::type);
        return;
    }
    if (passes_facts(facts, name)) {
        add_entry(facts, directory, name);
    }
}

bool TreeWalk::passes_facts(const FileFacts& facts, std::string_view name) {
    if (facts.mount_root) {
        leave_out(name, LeftOut::mounted);
        return false;
    }
    if (facts.type == EntryType::file && facts.sticky) {
        leave_out(name, LeftOut::sticky);
        return false;
    }
    if (facts.size < rule_.min_size || (rule_.max_size && facts.size > *rule_.max_size)) {
        leave_out(name, LeftOut::size);
        return false;
    }
    if (facts.type == EntryType::socket && around_.live_sockets.contains(absolute(name))) {
        leave_out(name, LeftOut::live_socket);
        return false;
    }
    return true;
}

void TreeWalk::add_entry(const FileFacts& facts, std::uint32_t directory, std::string_view name) {
    ++counts_.matched;
    const std::int64_t time = time_by(rule_.age_by, facts);
    if (time > around_.now + future_tolerance) {
        if (counts_.in_future++ == 0) {
            counts_.in_future_example = absolute(name);
        }
    }
    const bool old = rule_.older_than && time < limit_of_age(around_.now, *rule_.older_than);
    const bool asks_for_age = !rule_.compares_entries() && !rule_.only_empties;
    if (!old && asks_for_age && !around_.holds_all) {
        leave_out(name, LeftOut::not_old);
        return;
    }
    if (static_cast<std::int64_t>(tree_.entries.size()) >= rule_.max_entries) {
        throw Error(ExitCode::failed,
                    "too_many_entries",
                    fmt::format("the rule '{}' has to hold more than {} entries; nothing was "
                                "changed; narrow its roots or patterns, or raise max_entries",
                                rule_.name,
                                rule_.max_entries));
    }
    TreeEntry entry = make_entry(facts, time, directory, tree_.names.add(name));
    entry.immutable = facts.immutable || facts.append_only;
    tree_.entries.push_back(entry);
}

void TreeWalk::leave_out(std::string_view name, LeftOut reason) {
    ++counts_.left_out[static_cast<std::size_t>(reason)];
    if (around_.left_out) {
        around_.left_out(absolute(name), reason);
    }
}

void TreeWalk::fail(std::string_view name, int error) {
    // Exchanged for something else between two looks, too: there is no such directory any more.
    if (error == ENOENT || error == ENOTDIR || error == ELOOP) {
        leave_out(name, LeftOut::gone);
        return;
    }
    problems_.push_back({.path = absolute(name), .error = error});
    leave_out(name, LeftOut::unreadable);
}

std::string TreeWalk::absolute(std::string_view name) const {
    std::string path = fmt::format("{}/{}{}", root_path_, relative_, name);
    if (name.empty()) {
        path.pop_back();
    }
    return path;
}

bool TreeWalk::wants(EntryType type) const {
    return std::ranges::find(rule_.types, type) != rule_.types.end();
}

bool TreeWalk::fits_any(std::span<const PathPattern> patterns, std::string_view name) const {
    return std::ranges::any_of(patterns, [&](const PathPattern& pattern) {
        return pattern.is_about_name() ? pattern.matches(name)
                                       : pattern.matches(relative_ + std::string(name));
    });
}

bool TreeWalk::is_guarded(std::string_view name) const {
    return !around_.protect.empty() && is_protected(around_.protect, absolute(name));
}

}  // namespace caretaker
