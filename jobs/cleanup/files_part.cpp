// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_part.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/file_action_text.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/files_acting.hpp"
#include "jobs/cleanup/files_planning.hpp"
#include "jobs/cleanup/files_report.hpp"
#include "jobs/cleanup/files_second_round.hpp"
#include "jobs/cleanup/mount_table.hpp"
#include "jobs/cleanup/planned_rows.hpp"
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
        state_->actions = add_actions(Round::first, most_actions(), plan);
    }

    void act(ActionExecutor& executor, ActionRange own) override {
        state_->acted = true;
        acting_.emplace(*state_, request_.rules.pace, load_, mounts_, context_, [&] {
            static_cast<void>(sandboxes_->ask_again_when_due());
        });
        acting_->act(executor, own);
    }

    void plan_further(UpkeepPlan& plan) override {
        acting_->measure_again();
        // Nothing goes beyond a plan that somebody has read.
        if (request_.saved_plan || !plan_second_round(*state_, opener_, context_.stop)) {
            return;
        }
        const std::size_t most = most_actions();
        const std::size_t used = std::min(most - 1, state_->actions.actions.size());
        state_->further_actions = add_actions(Round::second, most - used, plan);
    }

    void act_further(ActionExecutor& executor, ActionRange own) override {
        acting_->act(executor, own, Round::second);
        acting_->measure_again();
    }

    void conclude() override {
        if (unplanned_) {
            std::rethrow_exception(unplanned_);
        }
        if (sandboxes_) {
            sandboxes_->rethrow_loss();
        }
    }

    void report(const ActionList& /*actions*/, ActionRange /*own*/, Report& report) override {
        if (!state_->works.empty() || request_.explained) {
            report_files(state_, request_.explained, report);
        }
        if (unplanned_ || (sandboxes_ && sandboxes_->is_lost())) {
            report.summary +=
                fmt::format("{}mesos: agent not reached", report.summary.empty() ? "" : "; ");
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
            const bool open =
                action.identity == identity_of_many || !path || is_there(*path, action.identity);
            plan.settled.push_back({.id = action.id, .done = !open});
        }
    }

    [[nodiscard]] std::size_t most_actions() const {
        return static_cast<std::size_t>(context_.settings.integer("store.max_rows_per_run"));
    }

    /// At most `most`, as fine as that allows.
    FileActions add_actions(Round round, std::size_t most, UpkeepPlan& plan) const {
        std::vector<TakenFiles> taken;
        for (const RuleWork& work : state_->works) {
            taken.push_back({.tree = work.tree, .selection = work.taken_in(round)});
        }
        FileActions actions = group_files(taken, most, request_.rules.pace);
        for (const FileAction& action : actions.actions) {
            plan.actions.push_back(describe_action(
                action, actions.detail, state_->works[action.rule], round, state_->now));
        }
        for (const RuleWork& work : state_->works) {
            const FileSelection& selection = work.taken_in(round);
            const auto directories = static_cast<std::int64_t>(selection.directories.size());
            const std::int64_t matched = round == Round::first ? work.counts.matched : 0;
            plan.parts.push_back(
                {.name = fmt::format("rule {}", work.rule.name),
                 .destructive = static_cast<std::int64_t>(selection.entries.size()) + directories,
                 .universe = matched + directories,
                 .max_percent = 100.0});
        }
        return actions;
    }

    FilesRequest request_;
    Context& context_;
    std::optional<MesosSandboxes> sandboxes_{};
    std::exception_ptr unplanned_{};
    DirectoryOpener opener_{};
    BearableLoad load_{};
    std::vector<Mount> mounts_{};        // as they were when the plan was made
    std::shared_ptr<FilesState> state_;  // the report's table reads it when it is shown
    std::optional<FilesActing> acting_{};
};

}  // namespace

std::unique_ptr<CleanupPart> make_files_part(const FilesRequest& request, Context& context) {
    return std::make_unique<FilesPart>(request, context);
}

}  // namespace caretaker
