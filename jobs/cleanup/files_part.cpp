// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_part.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/files_acting.hpp"
#include "jobs/cleanup/files_planning.hpp"
#include "jobs/cleanup/files_report.hpp"
#include "jobs/cleanup/mount_table.hpp"
#include "jobs/cleanup/process_scan.hpp"
#include "jobs/cleanup/worker_count_plan.hpp"

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

std::string read_io_pressure() {
    std::ifstream file(proc_folder() + "/pressure/io");
    return {std::istreambuf_iterator<char>(file), {}};
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
        // Before the walk, which makes others wait, too.
        load_ = bearable_load(request_.rules.pace.workers_max, read_io_pressure());
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
        FilesActing acting(*state_, request_.rules.pace, load_, mounts_, context_, [&] {
            sandboxes_->ask_again_when_due();
        });
        acting.act(executor, own);
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
        if (request_.lists_paths) {
            report.document = list_paths(*state_);
            report.details.clear();
        }
        if (request_.lists_paths && report.document.empty()) {  // then nothing is printed at all
            report.table = {};
            report.summary.clear();
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
        state_->actions = group_files(taken, most, request_.rules.pace);
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

    FilesRequest request_;
    Context& context_;
    std::optional<MesosSandboxes> sandboxes_{};
    std::exception_ptr unplanned_{};
    DirectoryOpener opener_{};
    BearableLoad load_{};
    std::vector<Mount> mounts_{};        // as they were when the plan was made
    std::shared_ptr<FilesState> state_;  // the report's table reads it when it is shown
};

}  // namespace

std::unique_ptr<CleanupPart> make_files_part(const FilesRequest& request, Context& context) {
    return std::make_unique<FilesPart>(request, context);
}

}  // namespace caretaker
