// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_planning.hpp"

#include "common/base/context.hpp"
#include "common/store/store.hpp"
#include "jobs/cleanup/explain_text.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/file_users.hpp"
#include "jobs/cleanup/files_in_use.hpp"
#include "jobs/cleanup/freed_before.hpp"
#include "jobs/cleanup/live_sockets.hpp"
#include "jobs/cleanup/open_files.hpp"
#include "jobs/cleanup/path_text.hpp"
#include "jobs/cleanup/plan_fingerprint.hpp"
#include "jobs/cleanup/store_place.hpp"
#include "jobs/cleanup/taken_before.hpp"
#include "jobs/cleanup/unit_rule_walk.hpp"

#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <set>
#include <string_view>
#include <unordered_set>

namespace caretaker {

namespace {

class Planner {
 public:
    Planner(const FilesRequest& request,
            Context& context,
            DirectoryOpener& opener,
            FilesState& state)
        : request_(request), context_(context), opener_(opener), state_(state) {
        if (context.store != nullptr) {
            store_ = find_store_place(context.store->path());
        }
    }

    void plan() {
        protect_ = request_.rules.protect;
        protect_.insert(protect_.end(), store_.own_files.begin(), store_.own_files.end());
        live_sockets_ = read_live_sockets();
        for (const BoundRule& bound : state_.rules) {
            state_.works.push_back({.bound = bound, .rule = bound.rule});
            plan_rule(state_.works.back());
        }
        if (request_.saved_plan) {
            find_strayed(*request_.saved_plan);
        }
        state_.fingerprint = fingerprint_.finish();
    }

 private:
    void plan_rule(RuleWork& work) {
        const SteadyTime start = context_.clock.steady();
        const auto explained = explainer(work);
        work.roots = find_roots(work.rule,
                                opener_,
                                {.store_directories = store_.directories,
                                 .protect = protect_,
                                 .left_out = [&](std::string_view path, LeftOut reason) {
                                     ++work.counts.left_out[static_cast<std::size_t>(reason)];
                                     if (explained) {
                                         explained(path, reason);
                                     }
                                 }});
        work.disks = freed_.relieved(measure_disks(work.roots, opener_));
        walk(work);
        before_.mark(work);
        OpenFileProbe probe;
        do {
            work.selection = select_files(work.rule, work.tree, state_.now, work.disks);
        } while (find_files_in_use(work, work.selection, probe, opener_, context_.stop));
        if (request_.explained) {
            explain(work);
        }
        if (request_.saved_plan) {
            keep_to_saved_plan(work);
        }
        add_to_fingerprint(work);
        if (state_.works.size() < state_.rules.size()) {
            before_.add(work, work.selection);
            freed_.add(work, work.selection);
        }
        work.cost.spent += context_.clock.steady() - start;
    }

    void walk(RuleWork& work) {
        context_.progress.begin(
            fmt::format("looking for what the rule {} takes", work.rule.name), "entries", {});
        const TreeWalk::Surroundings around{
            .protect = protect_,
            .live_sockets = live_sockets_,
            .now = state_.now,
            .stop = context_.stop,
            .progress = [&](std::int64_t seen) { context_.progress.update(seen); },
            .left_out = explainer(work),
            .holds_all = request_.explained.has_value()};
        TreeWalk tree_walk(work.rule, around, opener_, work.tree, work.counts, work.problems);
        for (std::uint32_t i = 0; i < work.roots.roots.size(); ++i) {
            const std::string& path = work.roots.roots[i].path;
            const OpenedDirectory root = opener_.open_absolute(path);
            if (root.error != 0) {
                work.problems.push_back({.path = path, .error = root.error});
            } else if (work.rule.takes_trees) {
                walk_units(work, root.fd.get(), i, around, opener_);
            } else {
                tree_walk.walk(root.fd.get(), path, i);
            }
        }
    }

    /// Tells of what is left out, if it is what is to be explained or has it inside.
    std::function<void(std::string_view, LeftOut)> explainer(const RuleWork& work) {
        if (!request_.explained) {
            return {};
        }
        return [this, &work](std::string_view path, LeftOut reason) {
            if (!is_within(*request_.explained, path)) {
                return;
            }
            const auto root = std::ranges::find_if(
                work.roots.roots, [&](const RuleRoot& one) { return is_within(path, one.path); });
            const std::string why =
                describe_left_out(reason,
                                  work.rule,
                                  protect_,
                                  path,
                                  root == work.roots.roots.end() ? path : root->path);
            state_.explanations.push_back(
                {.rule = work.rule.name,
                 .reason = path == *request_.explained ? why : fmt::format("{}: {}", path, why)});
        };
    }

    /// Of an entry that is judged.
    std::string why(const RuleWork& work, std::size_t index) {
        const TreeEntry& entry = work.tree.entries[index];
        if (entry.verdict == EntryVerdict::held) {
            return work.units[index].kept_by;
        }
        std::string users = entry.verdict == EntryVerdict::in_use && !work.rule.takes_trees
                                ? describe_file_users(work.tree.id_of(entry))
                                : std::string();
        return users.empty() ? reason_of(work.rule, entry, state_.now) : users;
    }

    void explain(const RuleWork& work) {
        for (std::size_t i = 0; i < work.tree.entries.size(); ++i) {
            const TreeEntry& entry = work.tree.entries[i];
            const std::string path = work.tree.path_of(entry);
            if (path == *request_.explained ||
                (work.rule.takes_trees && is_within(*request_.explained, path))) {
                state_.explanations.push_back({.rule = work.rule.name,
                                               .taken = is_taken(entry.verdict),
                                               .reason = why(work, i)});
            }
        }
        if (work.rule.takes_trees) {
            return;
        }
        for (std::uint32_t i = 0; i < work.tree.directories.size(); ++i) {
            const TreeDirectory& directory = work.tree.directories[i];
            if (work.tree.path_of_directory(i) == *request_.explained) {
                const bool taken = is_taken(directory.verdict);
                state_.explanations.push_back(
                    {.rule = work.rule.name,
                     .taken = taken,
                     .reason = taken
                                   ? reason_of(directory, state_.now)
                                   : describe_staying_directory(work.rule, directory, state_.now)});
            }
        }
    }

    void keep_to_saved_plan(RuleWork& work) {
        const auto is_beyond = [&](const PlannedThing& thing) {
            const auto index = request_.saved_plan->find(thing);
            if (index) {
                found_.insert(*index);
            }
            return !index;
        };
        std::erase_if(work.selection.entries, [&](std::uint32_t index) {
            const TreeEntry& entry = work.tree.entries[index];
            return is_beyond(planned_entry(work, entry, work.tree.path_of(entry)));
        });
        std::erase_if(work.selection.directories, [&](std::uint32_t index) {
            const std::string path = work.tree.path_of_directory(index);
            return is_beyond(planned_directory(work, work.tree.directories[index], path));
        });
    }

    /// What of it the rules of this run do not take any more. Things at a Docker Engine are not
    /// theirs.
    void find_strayed(const SavedPlan& saved) {
        for (std::size_t i = 0; i < saved.things().size(); ++i) {
            const SavedThing& thing = saved.things()[i];
            if (!thing.object.empty() || found_.contains(i)) {
                continue;
            }
            const bool is_own = std::ranges::any_of(state_.rules, [&](const BoundRule& bound) {
                return bound.rule.name == thing.rule;
            });
            if (!is_own) {
                ++state_.of_other_rules;
                continue;
            }
            FileFacts facts;
            const int error = look_at(AT_FDCWD, thing.path.c_str(), facts);
            state_.strayed.push_back(
                {.thing = thing, .is_gone = error == ENOENT || error == ENOTDIR});
        }
    }

    void add_to_fingerprint(const RuleWork& work) {
        for (const std::uint32_t index : work.selection.entries) {
            fingerprint_.add_entry(work.tree, work.tree.entries[index]);
        }
        for (const std::uint32_t index : work.selection.directories) {
            fingerprint_.add_directory(work.tree, index);
        }
    }

    const FilesRequest& request_;
    Context& context_;
    DirectoryOpener& opener_;
    FilesState& state_;
    StorePlace store_{};
    std::vector<PathPattern> protect_{};
    std::set<std::string> live_sockets_{};
    TakenBefore before_{};
    FreedBefore freed_{};
    PlanFingerprint fingerprint_{};
    std::unordered_set<std::size_t> found_{};  // of the things of the saved plan
};

}  // namespace

void plan_files(const FilesRequest& request,
                Context& context,
                DirectoryOpener& opener,
                FilesState& state) {
    Planner(request, context, opener, state).plan();
}

PlannedThing planned_entry(const RuleWork& work, const TreeEntry& entry, const std::string& path) {
    return {.kind = kind_of(entry),
            .rule = work.rule.name,
            .path = path,
            .device = work.tree.directories[entry.directory].device,
            .inode = entry.inode,
            .size = entry.size,
            .mtime = entry.mtime,
            .ctime = entry.ctime};
}

PlannedThing planned_directory(const RuleWork& work,
                               const TreeDirectory& directory,
                               const std::string& path) {
    return {.kind = rmdir_kind,
            .rule = work.rule.name,
            .path = path,
            .device = directory.device,
            .inode = directory.inode,
            .size = 0,
            .mtime = directory.mtime,
            .ctime = 0};
}

}  // namespace caretaker
