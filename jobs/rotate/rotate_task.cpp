// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotate_task.hpp"

#include "common/base/context.hpp"
#include "common/base/log.hpp"
#include "common/http/service_http.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/date_math.hpp"
#include "jobs/rotate/rotate_report.hpp"
#include "jobs/rotate/search_cluster.hpp"
#include "jobs/rotate/step_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// One line of `rotate explain`.
struct Explanation {
    std::size_t step = 0;
    std::string action{};
    std::string filter{};
    std::string index{};
    std::string verdict{};
    std::string reason{};
};

class RotateTask final : public UpkeepTask {
 public:
    RotateTask(const RotateRequest& request, Context& context)
        : request_(request), context_(context) {}

    UpkeepPlan plan(std::span<const UnsettledAction> unsettled) override {
        if (request_.export_to) {
            return {};
        }
        context_.progress.begin("looking at the indices", {}, std::nullopt);
        http_.emplace(request_.service, context_);
        cluster_.emplace(*http_);
        now_ = std::chrono::floor<std::chrono::seconds>(context_.clock.now());
        context_.log.debug(fmt::format("{} answers", describe_engine(cluster_->engine())));
        if (is_newer_than_known(cluster_->engine())) {
            context_.log.warning(
                fmt::format("{} is newer than what this release was tried with; it is spoken to "
                            "as the newest one known",
                            describe_engine(cluster_->engine())));
        }
        if (request_.master_only && !cluster_->is_elected_master()) {
            is_not_master_ = true;
            return {};
        }
        std::vector<IndexFacts> indices = cluster_->fetch_indices();
        indices_seen_ = indices.size();
        if (needs_segments()) {
            cluster_->fetch_segments(indices);
        }
        planner_.emplace(std::move(indices), request_.policy, now_);
        if (request_.explains) {
            explain();
        }
        UpkeepPlan plan{.settled = planner_->settle(unsettled)};
        for (const ActionSpec& spec : request_.specs) {
            const auto wanted = planner_->wanted_ranges(spec);
            cluster_->fetch_ranges(planner_->indices(), wanted);
            planner_->add(spec, gather(spec));
        }
        for (const std::string& warning : planner_->warnings()) {
            context_.log.warning(warning);
        }
        plan.actions = planner_->actions();
        plan.universe = planner_->universe();
        return plan;
    }

    void act(ActionExecutor& executor) override {
        StepRunner runner(*cluster_, context_, executor);
        for (const RotateStep& step : planner_->steps()) {
            if (step.state != StepState::planned) {
                continue;
            }
            if (!runner.run(step) && !step.spec->options.flag("continue_if_exception")) {
                break;
            }
        }
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
        if (planner_) {
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
            show_explanations(report);
        }
        return report;
    }

 private:
    [[nodiscard]] bool needs_segments() const {
        const auto counts = [](const FilterSpec& filter) {
            return filter.type == FilterType::forcemerged;
        };
        return std::ranges::any_of(request_.specs, [&](const ActionSpec& spec) {
            return spec.type == ActionType::forcemerge ||
                   std::ranges::any_of(spec.filters, counts) ||
                   std::ranges::any_of(spec.add, counts) ||
                   std::ranges::any_of(spec.remove, counts);
        });
    }

    /// What the planner needs for one action beside the list.
    StepFacts gather(const ActionSpec& spec) {
        StepFacts facts;
        if (planner_->is_stopped() || spec.options.flag("disable_action")) {
            return facts;
        }
        const bool freezes = spec.type == ActionType::freeze || spec.type == ActionType::unfreeze;
        if (freezes && !has_feature(cluster_->engine(), SearchFeature::frozen_indices)) {
            facts.problem = fmt::format(
                "{} has no {}", describe_engine(cluster_->engine()), to_string(spec.type));
        }
        if (spec.type == ActionType::delete_snapshots) {
            facts.snapshots =
                cluster_->fetch_snapshots(spec.options.text("repository"), facts.problem);
        }
        const std::string alias = spec.options.text("name");
        const bool is_there = std::ranges::any_of(
            planner_->indices(),
            [&](const IndexFacts& index) { return index.find_alias(alias) != nullptr; });
        if (spec.type == ActionType::rollover && is_there) {
            const std::string new_index =
                spec.options.is_given("new_index")
                    ? resolve_name(spec.options.text("new_index"), now_).name
                    : std::string();
            facts.rollover =
                cluster_->forecast_rollover(alias, new_index, rollover_body(spec), facts.problem);
        }
        return facts;
    }

    void explain() {
        planner_->explain_to([this](const ActionSpec& spec,
                                    std::size_t filter,
                                    const FilterSpec& filter_spec,
                                    const FilterNote& note,
                                    const std::string& name) {
            if (request_.explained_index.empty() || name == request_.explained_index) {
                explanations_.push_back(
                    {.step = planner_->steps().size(),
                     .action = spec.id,
                     .filter = fmt::format("{} {}", filter + 1, describe_filter(filter_spec)),
                     .index = name,
                     .verdict = note.kept ? "takes" : "leaves",
                     .reason = note.reason});
            }
        });
    }

    void show_explanations(Report& report) const {
        report.table = {.columns = {{.key = "action", .heading = "ACTION"},
                                    {.key = "index", .heading = "INDEX"},
                                    {.key = "verdict", .heading = "FILTER"},
                                    {.key = "filter", .heading = "NUMBER AND MEANING"},
                                    {.key = "reason", .heading = "BECAUSE"}}};
        std::vector<Explanation> sorted = explanations_;
        std::ranges::stable_sort(sorted, {}, [](const Explanation& one) {
            return std::pair(one.step, std::string_view(one.index));
        });
        for (const Explanation& one : sorted) {
            report.table.rows.push_back(
                {one.action, one.index, one.verdict, one.filter, one.reason});
        }
        if (explanations_.empty() && !request_.explained_index.empty()) {
            report.summary =
                fmt::format("no filter looked at {}: it does not exist, or no list begins with it",
                            request_.explained_index);
        }
    }

    const RotateRequest& request_;
    Context& context_;
    std::optional<ServiceHttp> http_;
    std::optional<SearchCluster> cluster_;
    std::optional<RotatePlanner> planner_;
    UnixSeconds now_{};
    std::size_t indices_seen_ = 0;
    bool is_not_master_ = false;
    std::vector<Explanation> explanations_;
    std::vector<std::string> troubles_;
};

}  // namespace

std::unique_ptr<UpkeepTask> begin_rotation(const RotateRequest& request, Context& context) {
    return std::make_unique<RotateTask>(request, context);
}

}  // namespace caretaker
