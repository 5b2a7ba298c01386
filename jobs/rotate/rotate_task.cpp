// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotate_task.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/http/service_http.hpp"
#include "jobs/rotate/cluster_members.hpp"
#include "jobs/rotate/deletion_check.hpp"
#include "jobs/rotate/explanations.hpp"
#include "jobs/rotate/field_range_reader.hpp"
#include "jobs/rotate/index_list_reader.hpp"
#include "jobs/rotate/list_report.hpp"
#include "jobs/rotate/node_reader.hpp"
#include "jobs/rotate/rotate_report.hpp"
#include "jobs/rotate/rotation_progress.hpp"
#include "jobs/rotate/search_cluster.hpp"
#include "jobs/rotate/snapshot_reader.hpp"
#include "jobs/rotate/step_facts_reader.hpp"
#include "jobs/rotate/step_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

class RotateTask final : public UpkeepTask {
 public:
    RotateTask(const RotateRequest& request, Context& context)

        : request_(request), context_(context), explanations_(request.explained_index) {}

    UpkeepPlan plan(std::span<const UnsettledAction> unsettled) override {
        if (request_.export_to) {
            return {};
        }
        context_.progress.begin("looking at the indices", {}, std::nullopt);
        http_.emplace(check_cluster_members(request_.service, context_), context_);
        cluster_.emplace(*http_);
        now_ = std::chrono::floor<std::chrono::seconds>(context_.clock.now());
        context_.log.debug(fmt::format("{} answers", describe_engine(cluster_->engine())));
        warn_of_engine(cluster_->engine());
        if (request_.master_only && !cluster_->is_elected_master()) {
            is_not_master_ = true;
            return {};
        }
        IndexList indices = fetch_indices(*cluster_);
        indices_seen_ = indices.indices.size();
        if (needs_segments()) {
            fetch_segments(*cluster_, indices.indices);
        }
        if (respects_lifecycles() && !fetch_managed(*cluster_, indices)) {
            context_.log.warning(
                "which indices ISM manages may not be read, so none is spared for that");
        }
        if (request_.listed != ListedKind::nothing) {
            list_things(std::move(indices));
            return {};
        }
        planned_at_ = context_.clock.steady();
        PlanPolicy policy = request_.policy;
        policy.as_curator = request_.as_curator;
        policy.as_curators_dry_run = request_.as_curator && context_.run.dry_run;
        planner_.emplace(std::move(indices), policy, now_);
        if (request_.explains) {
            explain();
        }
        UpkeepPlan plan;
        plan.settled = settle(unsettled);
        if (deletes_indices()) {
            prepare_deletions();
        }
        for (const ActionSpec& spec : request_.specs) {
            const auto wanted = planner_->wanted_ranges(spec);
            fetch_ranges(*cluster_, planner_->indices(), wanted);
            planner_->add(spec, gather_facts(spec, *planner_, {*cluster_, context_, now_}));
        }
        for (const std::string& warning : planner_->warnings()) {
            context_.log.warning(warning);
        }
        plan.universe = planner_->universe();
        plan.actions = planner_->finish();
        if (plan.actions.empty() && !context_.run.dry_run) {
            progress_->forget(true);
        }
        return plan;
    }

    void act(ActionExecutor& executor) override {
        StepRunner runner({.cluster = *cluster_,
                           .context = context_,
                           .executor = executor,
                           .manners = request_.manners,
                           .planned_at = planned_at_});
        const std::vector<RotateStep>& steps = planner_->steps();
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (steps[i].state == StepState::done_before) {
                progress_->finish(i);
            }
            if (steps[i].state != StepState::planned) {
                continue;
            }
            progress_->begin(i, steps[i]);
            if (!runner.run(steps[i])) {
                if (!steps[i].spec->options.flag("continue_if_exception")) {
                    break;
                }
            } else {
                progress_->finish(i);
            }
        }
        progress_->forget(executor.actions().count(ActionState::unknown) == 0);
        troubles_ = runner.troubles();
    }

    void verify(ActionExecutor& executor) override { verify_indices(*cluster_, executor); }

    Report report(const ActionList& actions) override {
        Report report;
        if (request_.export_to) {
            const PolicyKind kind = *request_.export_to;
            const PolicyExport result = export_policies(request_.specs, kind);
            report.document = format_export(result, kind);
            report.summary = fmt::format("{} policies; {} actions cannot be said in them",
                                         result.policies.size(),
                                         result.left_out.size());
            return report;
        }
        if (request_.listed == ListedKind::indices) {
            report = report_indices(listed_.indices);
        } else if (request_.listed == ListedKind::snapshots) {
            report = report_snapshots(listed_.indices);
        } else if (planner_) {
            report = report_rotation({.steps = planner_->steps(),
                                      .spared = planner_->spared(),
                                      .warnings = planner_->warnings(),
                                      .troubles = troubles_,
                                      .indices_seen = indices_seen_,
                                      .as_curator = request_.as_curator},
                                     actions);
        }
        if (is_not_master_) {
            report.summary = "nothing was done: the node asked is not the elected master";
        }
        if (request_.explains) {
            explanations_.show(report);
        }
        return report;
    }

 private:
    void warn_of_engine(const SearchEngine& engine) {
        if (is_newer_than_known(engine)) {
            context_.log.warning(
                fmt::format("{} is newer than what this release was tried with; it is spoken to "
                            "as the newest one known",
                            describe_engine(engine)));
        }
        if (engine.is_unnamed) {
            context_.log.warning(
                "which version answers may not be read; it is spoken to as Elasticsearch 7.14");
        }
        if (engine.flavor == "serverless") {
            context_.log.warning(
                "Elasticsearch Serverless answers, which forbids most of what actions on indices "
                "ask for; its data streams have lifecycles of their own");
        }
    }

    void explain() {
        explanations_.set_found(std::ranges::any_of(
            planner_->indices(),
            [this](const IndexFacts& index) { return index.name == request_.explained_index; }));
        planner_->explain_to(
            [this](const ActionSpec& spec,
                   std::size_t filter,
                   const FilterSpec& filter_spec,
                   const FilterNote& note,
                   std::string_view name) {
                explanations_.add(planner_->steps().size(), spec, filter, filter_spec, note, name);
            },
            [this](const ExplainRemark& remark) {
                explanations_.add(request_.specs[remark.step].id, remark);
            });
    }

    /// What the filters of the one action leave.
    void list_things(IndexList indices) {
        const ActionSpec& spec = request_.specs.front();
        std::vector<IndexFacts> from;
        IndexNumbers numbers;
        IndexSelector lists(std::move(indices), request_.policy, now_);
        if (request_.listed == ListedKind::indices) {
            fetch_ranges(*cluster_, lists.indices(), lists.wanted_ranges(spec));
            numbers = lists.select(spec, spec.filters);
            from = std::move(lists.indices());
            listed_.texts = lists.texts();
        } else {
            std::string problem;
            SnapshotList list =
                fetch_snapshots(*cluster_, spec.options.text("repository"), false, problem);
            from = std::move(list.snapshots);
            listed_.texts = std::move(list.texts);
            if (!problem.empty()) {
                throw UsageError(problem);
            }
            numbers.resize(from.size());
            std::iota(numbers.begin(), numbers.end(), 0U);
            numbers = lists.filtered(spec, spec.filters, std::move(numbers), from);
        }
        for (const std::uint32_t number : numbers) {
            listed_.indices.push_back(std::move(from[number]));
        }
    }

    [[nodiscard]] bool deletes_indices() const {
        return std::ranges::any_of(request_.specs, [](const ActionSpec& spec) {
            return spec.type == ActionType::delete_indices;
        });
    }

    /// Whether an action spares what a lifecycle manages.
    [[nodiscard]] bool respects_lifecycles() const {
        return std::ranges::any_of(request_.specs, [](const ActionSpec& spec) {
            const bool has_list = filter_form(spec.type) == FilterForm::indices;
            return (has_list || spec.type == ActionType::rollover) &&
                   !spec.options.flag("allow_ilm_indices");
        });
    }

    /// What earlier runs at this cluster left open; the planner goes on where they were stopped.
    std::vector<SettledAction> settle(std::span<const UnsettledAction> unsettled) {
        const SearchEngine& engine = cluster_->engine();
        progress_.emplace(
            context_,
            request_.files,
            engine.cluster_uuid.empty() ? "name " + engine.cluster_name : engine.cluster_uuid);
        planner_->go_on_behind(progress_->stopped_run());
        const std::vector<UnsettledAction> own = progress_->of_this_cluster(unsettled);
        std::vector<SettledAction> settled =
            planner_->settle(own, look_at_snapshots(*cluster_, own));
        if (!context_.run.dry_run) {
            progress_->forget_settled(unsettled, settled);
        }
        return settled;
    }

    /// What the settings ask for before an index may go.
    void prepare_deletions() {
        std::string problem;
        if (!request_.require_snapshot.empty()) {
            planner_->require_proofs(read_proofs());
        }
        if (request_.delete_until.empty()) {
            return;
        }
        const auto limit =
            find_disk_limit(request_.delete_until, fetch_watermarks(*cluster_), problem);
        if (!limit) {
            throw UsageError("rotate.delete_until: " + problem);
        }
        planner_->delete_until(
            DiskState(fetch_nodes(*cluster_), fetch_shard_copies(*cluster_), *limit));
    }

    SnapshotProofs read_proofs() {
        SnapshotProofs proofs(request_.snapshot_grace, planner_->indices());
        for (const std::string& repository : request_.require_snapshot) {
            std::string problem;
            read_snapshots(
                *cluster_,
                repository,
                [] {},
                [&](const ListedSnapshot& snapshot) {
                    proofs.add(repository, snapshot.facts, snapshot.contents, planner_->indices());
                },
                problem);
            if (!problem.empty()) {
                throw UsageError("rotate.require_snapshot: " + problem);
            }
        }
        return proofs;
    }

    [[nodiscard]] bool needs_segments() const {
        return std::ranges::any_of(request_.specs, [](const ActionSpec& spec) {
            return spec.type == ActionType::forcemerge || uses_segments(spec.filters) ||
                   uses_segments(spec.add) || uses_segments(spec.remove);
        });
    }

    const RotateRequest& request_;
    Context& context_;
    std::optional<ServiceHttp> http_;
    std::optional<SearchCluster> cluster_;
    std::optional<RotatePlanner> planner_;
    std::optional<RotationProgress> progress_;
    UnixSeconds now_{};
    SteadyTime planned_at_{};
    std::size_t indices_seen_ = 0;
    bool is_not_master_ = false;
    IndexList listed_;
    Explanations explanations_;
    std::vector<std::string> troubles_;
};

}  // namespace

std::unique_ptr<UpkeepTask> begin_rotation(const RotateRequest& request, Context& context) {
    return std::make_unique<RotateTask>(request, context);
}

}  // namespace caretaker
