// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/unit_rule_walk.hpp"

#include "common/base/error.hpp"
#include "jobs/cleanup/directory_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace caretaker {

namespace {

class UnitRuleWalk {
 public:
    UnitRuleWalk(RuleWork& work,
                 int fd,
                 std::uint32_t root,
                 const TreeWalk::Surroundings& around,
                 DirectoryOpener& opener)
        : work_(work),
          around_(around),
          root_(work.roots.roots[root]),
          fd_(fd),
          walk_({.protect = around.protect,
                 .live_sockets = around.live_sockets,
                 .age_by = work.rule.age_by,
                 .stop = around.stop,
                 .looked_at = work.counts.looked_at},
                opener,
                work.contents) {
        FileFacts facts;
        look_at(fd_, "", facts);
        at_top_ = facts.mount_root;
        directory_ = work.tree.add_directory(facts, TreeDirectory::none, root, root_.path);
        parent_ = walk_.add_parent(fd_, root_.path, TreeDirectory::none);
    }

    void run() {
        const DirectoryLock lock(fd_);
        FileFacts keep;
        if (lock.is_held_by_other()) {
            leave_out("", LeftOut::locked);
        } else if (look_at(fd_, keep_file_name.data(), keep) == 0) {
            leave_out("", LeftOut::keep_file);
        } else {
            for (const std::string& name : list()) {
                take_in(name);
            }
        }
    }

 private:
    std::vector<std::string> list() {
        std::vector<std::string> names;
        DirectoryReader reader;
        const int error =
            reader.read(fd_, [&](std::string_view name, std::optional<EntryType> type) {
                ++work_.counts.looked_at;
                FileFacts facts;
                if (!type && look_at(fd_, name.data(), facts) == 0) {
                    type = facts.type;
                }
                if (at_top_ && is_of_system(name)) {
                    leave_out(name, LeftOut::of_system);
                } else if (type != EntryType::directory) {
                    leave_out(name, LeftOut::type);
                } else if (fits_any(work_.rule.exclude, name)) {
                    leave_out(name, LeftOut::excluded);
                } else if (!fits_any(work_.rule.match, name)) {
                    leave_out(name, LeftOut::no_match);
                } else if (work_.bound.spares && work_.bound.spares(name)) {
                    leave_out(name, LeftOut::live);
                } else {
                    names.emplace_back(name);
                }
            });
        if (error != 0) {
            work_.problems.push_back({.path = root_.path, .error = error});
        }
        return names;
    }

    void take_in(const std::string& name) {
        FileFacts facts;
        const int error = look_at(fd_, name.c_str(), facts);
        Unit unit = walk_.walk(fd_, parent_, root_.path, name);
        if (work_.bound.accepts && !work_.bound.accepts(work_.contents, unit)) {
            walk_.forget(unit);
            leave_out(name, LeftOut::no_match);
            return;
        }
        const bool fits = unit.allocated >= work_.rule.min_size &&
                          (!work_.rule.max_size || unit.allocated <= *work_.rule.max_size);
        if (error == 0 && !fits) {
            walk_.forget(unit);
            leave_out(name, LeftOut::size);
            return;
        }
        const auto held = static_cast<std::int64_t>(work_.contents.entries.size());
        if (held > work_.rule.max_entries) {
            throw Error(ExitCode::failed,
                        "too_many_entries",
                        fmt::format("the rule '{}' has to hold more than {} entries; nothing was "
                                    "changed; narrow its roots or patterns, or raise max_entries",
                                    work_.rule.name,
                                    work_.rule.max_entries));
        }
        ++work_.counts.matched;
        work_.tree.entries.push_back(
            {.inode = facts.inode,
             .time = unit.newest,
             .mtime = facts.mtime,
             .ctime = unit.newest,
             .size = unit.allocated,
             .allocated = unit.allocated,
             .directory = directory_,
             .name = work_.tree.names.add(name),
             .links = 1,
             .type = EntryType::directory,
             .verdict = unit.kept_by.empty() ? EntryVerdict::stays : EntryVerdict::held});
        work_.units.push_back(std::move(unit));
    }

    void leave_out(std::string_view name, LeftOut reason) {
        ++work_.counts.left_out[static_cast<std::size_t>(reason)];
        if (around_.left_out) {
            around_.left_out(name.empty() ? root_.path : fmt::format("{}/{}", root_.path, name),
                             reason);
        }
    }

    static bool fits_any(const std::vector<PathPattern>& patterns, std::string_view name) {
        return std::ranges::any_of(
            patterns, [&](const PathPattern& pattern) { return pattern.matches(name); });
    }

    RuleWork& work_;
    const TreeWalk::Surroundings& around_;
    const RuleRoot& root_;
    int fd_;
    UnitWalk walk_;
    bool at_top_ = false;          // the root is the top of a file system
    std::uint32_t directory_ = 0;  // of the root in the tree of units
    std::uint32_t parent_ = 0;     // of the root in the tree of what is in them
};

}  // namespace

void walk_units(RuleWork& work,
                int fd,
                std::uint32_t root,
                const TreeWalk::Surroundings& around,
                DirectoryOpener& opener) {
    UnitRuleWalk(work, fd, root, around, opener).run();
}

}  // namespace caretaker
