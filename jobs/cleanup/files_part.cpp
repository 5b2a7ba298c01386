// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_part.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/file_deletion.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/files_planning.hpp"
#include "jobs/cleanup/files_report.hpp"
#include "jobs/cleanup/mount_table.hpp"
#include "jobs/cleanup/unit_removal.hpp"

#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <exception>
#include <fstream>
#include <iterator>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view many = "many";  // the identity of an action over several entries

/// What one transaction of the store covers at most.
constexpr std::size_t actions_of_a_batch = 256;
constexpr std::size_t entries_of_a_batch = 20'000;

std::vector<Mount> read_mount_table() {
    std::ifstream file("/proc/self/mountinfo");
    return parse_mount_table(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::string identity_of(std::uint64_t device, std::uint64_t inode) {
    return fmt::format("{:x}:{}", device, inode);
}

/// Whether something of that identity stands at the path. For looking alone: what is deleted is
/// reached otherwise.
bool is_there(const std::string& path, std::string_view identity) {
    FileFacts facts;
    return look_at(AT_FDCWD, path.c_str(), facts) == 0 &&
           identity_of(facts.device, facts.inode) == identity;
}

/// What became of a stretch of entries.
struct Tally {
    std::size_t tried = 0;
    std::size_t changed = 0;
    std::size_t failed = 0;
    bool refused = true;  // all that failed did so for lack of rights
    std::int64_t bytes = 0;
    std::string first_failure{};

    void add(Result result, std::uint8_t error, std::int64_t freed) {
        ++tried;
        bytes += result == Result::done ? freed : 0;
        changed += result == Result::changed ? 1 : 0;
        if (result == Result::failed) {
            ++failed;
            refused = refused && (error == EPERM || error == EACCES);
            if (first_failure.empty()) {
                first_failure = describe_errno(error);
            }
        }
    }
};

ActionResult result_of(const Tally& tally, std::size_t planned) {
    ActionResult result{.bytes = tally.bytes};
    if (tally.failed > 0) {
        result.state = ActionState::failed;
        result.refused = tally.refused;
        result.error =
            planned == 1 ? tally.first_failure
                         : fmt::format("{} of {}: {}", tally.failed, planned, tally.first_failure);
    } else if (tally.tried < planned) {
        result.state = tally.tried == 0 ? ActionState::skipped : ActionState::failed;
        result.error = fmt::format("stopped after {} of {}", tally.tried, planned);
    } else if (tally.changed == planned) {
        result.state = ActionState::skipped;
        result.error = "changed since it was planned";
    } else if (tally.changed > 0) {
        result.error = fmt::format("{} of {} changed since and stay", tally.changed, planned);
    }
    return result;
}

class FilesPart final : public CleanupPart {
 public:
    FilesPart(const FilesRequest& request, Context& context)
        : request_(request), context_(context), state_(std::make_shared<FilesState>()) {
        for (const FileRule& rule : request.rules.rules) {
            state_->rules.push_back({.rule = rule});
        }
        if (request_.sandboxes) {
            sandboxes_.emplace(*request_.sandboxes, context);
        }
    }

    void plan(std::span<const UnsettledAction> unsettled, UpkeepPlan& plan) override {
        state_->now = std::chrono::nanoseconds(context_.clock.now().time_since_epoch()).count();
        mounts_ = read_mount_table();
        if (sandboxes_) {
            add_sandboxes();
        }
        plan_files(request_, context_, opener_, *state_);
        settle(unsettled, plan);
        if (request_.explained) {
            return;
        }
        add_actions(plan);
        for (const RuleWork& work : state_->works) {
            plan.parts.push_back(
                {.name = fmt::format("rule {}", work.rule.name),
                 .destructive = static_cast<std::int64_t>(work.selection.entries.size() +
                                                          work.selection.directories.size()),
                 .universe = work.counts.matched +
                             static_cast<std::int64_t>(work.selection.directories.size()),
                 .max_percent = 100.0});
        }
    }

    void act(ActionExecutor& executor, ActionRange own) override {
        state_->acted = true;
        for (RuleWork& work : state_->works) {
            deletions_.emplace_back(work.rule, work.tree, opener_);
            removals_.emplace_back(work.contents, opener_);
        }
        drop_roots_with_new_mounts();
        const std::vector<FileAction>& actions = state_->actions.actions;
        for (std::size_t begin = 0; begin < actions.size();) {
            std::size_t entries = 0;
            std::size_t end = begin;
            while (end < actions.size() && end - begin < actions_of_a_batch &&
                   entries < entries_of_a_batch) {
                entries += actions[end].end - actions[end].begin;
                ++end;
            }
            const bool spares = std::any_of(
                actions.begin() + static_cast<std::ptrdiff_t>(begin),
                actions.begin() + static_cast<std::ptrdiff_t>(end),
                [&](const FileAction& one) { return bool(state_->works[one.rule].bound.spares); });
            if (spares) {
                sandboxes_->ask_again_when_due();
            }
            std::vector<std::size_t> indices(end - begin);
            std::iota(indices.begin(), indices.end(), own.begin + begin);
            executor.run_together(indices, [&] {
                std::vector<ActionResult> results;
                for (std::size_t i = begin; i < end; ++i) {
                    results.push_back(carry_out(actions[i]));
                }
                return results;
            });
            begin = end;
        }
        context_.stop.check();
        measure_again();
    }

    void conclude() override {
        if (unplanned_) {
            std::rethrow_exception(unplanned_);
        }
    }

    void report(const ActionList& /*actions*/, ActionRange /*own*/, Report& report) override {
        if (!state_->works.empty() || request_.explained) {
            report_files(state_, request_.explained, report);
        }
    }

 private:
    void add_sandboxes() {
        try {
            for (BoundRule& rule : sandboxes_->make_rules(opener_)) {
                state_->rules.push_back(std::move(rule));
            }
        } catch (const RemoteError&) {  // the other parts have their turn; conclude() throws it
            unplanned_ = std::current_exception();
        }
    }

    void settle(std::span<const UnsettledAction> unsettled, UpkeepPlan& plan) {
        for (const UnsettledAction& action : unsettled) {
            if (action.kind != unlink_kind && action.kind != rmdir_kind &&
                action.kind != tree_kind && action.kind != truncate_kind) {
                continue;
            }
            const auto path = unescape_bytes(action.subject);
            // Of many, those that are left are planned anew.
            const bool open = action.identity == many || !path || is_there(*path, action.identity);
            plan.settled.push_back({.id = action.id, .done = !open});
        }
    }

    void add_actions(UpkeepPlan& plan) {
        std::vector<TakenFiles> taken;
        for (const RuleWork& work : state_->works) {
            taken.push_back({.tree = work.tree, .selection = work.selection});
        }
        const auto most =
            static_cast<std::size_t>(context_.settings.integer("store.max_rows_per_run"));
        state_->actions = group_files(taken, most);
        for (const FileAction& action : state_->actions.actions) {
            plan.actions.push_back(describe(action));
        }
    }

    [[nodiscard]] Action describe(const FileAction& action) const {
        const RuleWork& work = state_->works[action.rule];
        Action result{.kind = action.of_directories ? rmdir_kind : unlink_kind, .bytes = 0};
        for (std::size_t i = action.begin; !action.of_directories && i < action.end; ++i) {
            *result.bytes += freed_bytes(work.tree.entries[work.selection.entries[i]]);
        }
        if (state_->actions.detail != Detail::entry) {
            describe_many(action, result);
        } else if (action.of_directories) {
            const std::uint32_t index = work.selection.directories[action.begin];
            const TreeDirectory& directory = work.tree.directories[index];
            result.subject = escape_bytes(work.tree.path_of_directory(index));
            result.reason = reason_of(directory, state_->now);
            result.identity = identity_of(directory.device, directory.inode);
        } else {
            const TreeEntry& entry = work.tree.entries[work.selection.entries[action.begin]];
            result.kind = kind_of(entry);
            result.subject = escape_bytes(work.tree.path_of(entry));
            result.reason = reason_of(work.rule, entry, state_->now);
            result.identity =
                identity_of(work.tree.directories[entry.directory].device, entry.inode);
        }
        return result;
    }

    void describe_many(const FileAction& action, Action& result) const {
        const RuleWork& work = state_->works[action.rule];
        std::uint32_t directory =
            action.of_directories
                ? work.tree.directories[work.selection.directories[action.begin]].parent
                : work.tree.entries[work.selection.entries[action.begin]].directory;
        while (state_->actions.detail == Detail::root &&
               work.tree.directories[directory].parent != TreeDirectory::none) {
            directory = work.tree.directories[directory].parent;
        }
        result.kind = action.of_directories   ? rmdir_kind
                      : work.rule.takes_trees ? tree_kind
                                              : unlink_kind;
        result.subject = escape_bytes(work.tree.path_of_directory(directory));
        result.reason = reason_of_many(work.rule, action.end - action.begin, action.of_directories);
        result.identity = many;
    }

    void drop_roots_with_new_mounts() {
        const std::vector<Mount> now = read_mount_table();
        for (std::size_t rule = 0; rule < state_->works.size(); ++rule) {
            const RuleWork& work = state_->works[rule];
            for (std::uint32_t root = 0; root < work.roots.roots.size(); ++root) {
                const std::string& path = work.roots.roots[root].path;
                if (mounts_below(now, path) != mounts_below(mounts_, path)) {
                    deletions_[rule].drop_root(root);
                    state_->dropped_roots.push_back(escape_bytes(path));
                }
            }
        }
    }

    /// Whether the disks have room enough now.
    void measure_again() {
        for (RuleWork& work : state_->works) {
            for (const RuleRoot& root : work.roots.roots) {
                const OpenedDirectory opened = opener_.open_absolute(root.path);
                work.pressure_remains =
                    work.pressure_remains ||
                    (work.rule.relieves_pressure() && opened.error == 0 &&
                     is_under_pressure(work.rule, disk_space_of(opened.fd.get())));
            }
        }
    }

    void remove_unit(RuleWork& work, std::uint32_t rule, std::uint32_t index) {
        TreeEntry& entry = work.tree.entries[index];
        const bool spared = work.bound.spares && work.bound.spares(work.tree.name_of(entry));
        if (spared || deletions_[rule].is_dropped(work.tree.directories[entry.directory].root)) {
            entry.result = Result::changed;
            return;
        }
        const RemovedUnit removed =
            removals_[rule].remove(work.units[index], [&] { return context_.stop.requested(); });
        entry.result = removed.result;
        entry.error = static_cast<std::uint8_t>(removed.error);
        if (!removed.first.empty()) {
            context_.log.warning(fmt::format("{} stays: {} {}",
                                             escape_bytes(work.tree.path_of(entry)),
                                             escape_bytes(removed.first),
                                             removed.result == Result::failed
                                                 ? describe_errno(removed.error)
                                                 : "changed since it was planned"));
        }
    }

    ActionResult carry_out(const FileAction& action) {
        RuleWork& work = state_->works[action.rule];
        FileDeletion& deletion = deletions_[action.rule];
        Tally tally;
        for (std::size_t i = action.begin; i < action.end && !context_.stop.requested(); ++i) {
            if (action.of_directories) {
                const std::uint32_t index = work.selection.directories[i];
                deletion.remove_directory(index);
                const TreeDirectory& directory = work.tree.directories[index];
                tally.add(directory.result, directory.error, 0);
            } else {
                const std::uint32_t index = work.selection.entries[i];
                TreeEntry& entry = work.tree.entries[index];
                if (work.rule.takes_trees) {
                    remove_unit(work, action.rule, index);
                } else {
                    deletion.delete_entry(entry);
                }
                tally.add(entry.result, entry.error, freed_bytes(entry));
            }
        }
        return result_of(tally, action.end - action.begin);
    }

    FilesRequest request_;
    Context& context_;
    std::optional<MesosSandboxes> sandboxes_{};
    std::exception_ptr unplanned_{};
    DirectoryOpener opener_{};
    std::vector<Mount> mounts_{};           // as they were when the plan was made
    std::shared_ptr<FilesState> state_;     // the report's table reads it when it is shown
    std::deque<FileDeletion> deletions_{};  // by rule
    std::deque<UnitRemoval> removals_{};    // the same
};

}  // namespace

std::unique_ptr<CleanupPart> make_files_part(const FilesRequest& request, Context& context) {
    return std::make_unique<FilesPart>(request, context);
}

}  // namespace caretaker
