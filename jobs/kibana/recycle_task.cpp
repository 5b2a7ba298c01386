// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/recycle_task.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/http/http.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "jobs/kibana/event_outbox.hpp"
#include "jobs/kibana/fleet_news.hpp"
#include "jobs/kibana/kibana_changes.hpp"
#include "jobs/kibana/kibana_fleet.hpp"
#include "jobs/kibana/kibana_report.hpp"
#include "jobs/kibana/notice_model.hpp"
#include "jobs/kibana/provision_findings.hpp"
#include "jobs/kibana/recycle_plan.hpp"
#include "jobs/kibana/suspension_model.hpp"
#include "jobs/kibana/webhook_http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::string_view deliver_kind = "deliver";

std::string_view action_kind(KibanaStep step) {
    switch (step) {
        case KibanaStep::notify:
            return "notify";
        case KibanaStep::suspend:
            return "suspend";
        case KibanaStep::resume:
            return "resume";
        case KibanaStep::notify_destroy:
            return "notify_destroy";
        case KibanaStep::destroy:
            return "destroy";
        case KibanaStep::none:
            break;
    }
    return "";
}

/// What became of actions of earlier runs whose end is not known, by how the apps are now.
std::vector<SettledAction> settle(std::span<const UnsettledAction> unsettled,
                                  const std::vector<KibanaFacts>& kibanas) {
    std::vector<SettledAction> settled;
    for (const UnsettledAction& action : unsettled) {
        const auto found = std::ranges::find(
            kibanas, action.subject, [](const KibanaFacts& kibana) { return kibana.app.id; });
        const bool is_there = found != kibanas.end();
        const bool runs = is_there && found->app.instances > 0;
        settled.push_back({.id = action.id,
                           .done = action.kind == "suspend"   ? is_there && !runs
                                   : action.kind == "destroy" ? !is_there
                                                              : runs});
    }
    return settled;
}

class RecycleTask final : public UpkeepTask {
 public:
    RecycleTask(const KibanaSettings& settings, Context& context)
        : settings_(settings), context_(context) {
        if (context.store != nullptr) {
            memory_.emplace(context.store->memory(context.run.job, context.run.target));
        }
        fleet_.emplace(settings, context, memory_ ? &*memory_ : nullptr);
    }

    UpkeepPlan plan(std::span<const UnsettledAction> unsettled) override {
        fleet_->read_apps();
        fleet_->read_signals(StatusReading::of_the_quiet);
        fleet_->judge();
        const std::vector<std::size_t> quiet = apps_to_look_at(fleet_->judged(), settings_.policy);
        fleet_->look_closer(quiet);
        fleet_->judge();
        UpkeepPlan plan{.universe = fleet_->running(),
                        .settled = settle(unsettled, fleet_->kibanas())};
        round_ = plan_round(fleet_->judged(), settings_.policy, fleet_->running());
        postpone_unseen(quiet, round_);
        fleet_->close_round();
        open_outbox();
        if (outbox_) {
            take_from_outbox();
        }
        find_news();
        for (const FleetNews& news : news_) {
            plan.actions.push_back({.kind = "tell",
                                    .subject = "fleet",
                                    .reason = news.reason,
                                    .identity = news.name,
                                    .destructive = false});
        }
        for (const WaitingEvent& event : waiting_) {
            plan.actions.push_back(
                {.kind = std::string(deliver_kind),
                 .subject = event.app,
                 .reason = fmt::format("{}, tried {} times", event.kind, event.tries),
                 .destructive = false});
        }
        for (const RoundStep& step : round_.steps) {
            plan.actions.push_back(make_action(step));
        }
        for (const RoundStep& step : round_.held) {
            plan.actions.push_back(make_held_action(step));
        }
        return plan;
    }

    void act(ActionExecutor& executor) override {
        if (!memory_) {
            throw StoreError(
                "this command keeps in the store what it does to Kibanas; name a store by --store");
        }
        KibanaChanges changes(*fleet_, *memory_, *outbox_, context_);
        changes.spare_whoever_is_used();
        for (std::size_t i = 0; i < news_.size(); ++i) {
            executor.run(i, [&] { return changes.tell_fleet(news_[i]); });
        }
        for (std::size_t i = 0; i < waiting_.size(); ++i) {
            executor.run(news_.size() + i, [&] { return changes.deliver(waiting_[i]); });
        }
        for (std::size_t i = 0; i < round_.steps.size(); ++i) {
            const RoundStep step = round_.steps[i];
            executor.run(first_step() + i, [&] { return carry_out(changes, step); });
        }
        troubles_ = changes.troubles();
    }

    void verify(ActionExecutor& executor) override {
        const auto apps = fleet_->fetch_apps();
        for (std::size_t i = 0; i < round_.steps.size(); ++i) {
            const std::size_t index = first_step() + i;
            const ActionList& actions = executor.actions();
            const auto found = apps.find(actions.subject(index));
            if (actions.state(index) != ActionState::done ||
                round_.steps[i].step != KibanaStep::suspend || found == apps.end()) {
                continue;
            }
            if (const auto awake = find_awake(found->second)) {
                executor.correct(index, *awake);
            }
        }
    }

    /// The wakings were done; what the brake held is told now.
    void conclude() override {
        if (!round_.brake.empty()) {
            throw Error(ExitCode::braked, "fleet_went_quiet", round_.brake);
        }
    }

    Report report(const ActionList& actions) override {
        Report report = make_fleet_report(*fleet_, settings_, {});
        report.summary = summarise_round(*fleet_, actions);
        add_round_findings(*fleet_, settings_, round_, report);
        for (const std::string& trouble : troubles_) {
            report.findings.push_back({.code = "event_not_delivered",
                                       .subject = "webhook",
                                       .message = trouble,
                                       .severity = Severity::warn});
        }
        report.looked_at = [](const Finding& finding) { return !is_about_provisioning(finding); };
        add_action_metrics(*fleet_, actions, report);
        return report;
    }

 private:
    [[nodiscard]] Action make_action(const RoundStep& step) const {
        const KibanaFacts& kibana = fleet_->kibanas()[step.app];
        return {
            .kind = std::string(action_kind(step.step)),
            .subject = kibana.app.id,
            .reason = fleet_->judged()[step.app].decision.reason,
            .identity = kibana.app.version,
            .destructive = step.step == KibanaStep::suspend || step.step == KibanaStep::destroy};
    }

    /// What the brake kept from being done; it is recorded, and counts no more.
    [[nodiscard]] Action make_held_action(const RoundStep& step) const {
        Action action = make_action(step);
        action.state = ActionState::skipped;
        action.error = "braked";
        action.ended_at = fleet_->now();
        action.destructive = false;
        return action;
    }

    ActionResult carry_out(KibanaChanges& changes, const RoundStep& step) {
        const KibanaFacts& kibana = fleet_->kibanas()[step.app];
        const KibanaDecision& decision = fleet_->judged()[step.app].decision;
        switch (step.step) {
            case KibanaStep::resume:
                return changes.resume(kibana, decision.reason);
            case KibanaStep::suspend:
                return changes.suspend(kibana, decision);
            case KibanaStep::destroy:
                return changes.destroy(kibana, decision);
            case KibanaStep::notify:
            case KibanaStep::notify_destroy:
                return changes.notify(kibana, decision, step.step);
            case KibanaStep::none:
                break;
        }
        return {};
    }

    /// Where the round's steps begin among the actions.
    [[nodiscard]] std::size_t first_step() const { return news_.size() + waiting_.size(); }

    /// Each is told once, and again when it comes back.
    void find_news() {
        if (!memory_ || settings_.webhooks.empty()) {
            return;
        }
        const std::vector<FleetNews> news = find_fleet_news(fleet_->signals(), round_.brake);
        news_ = untold_news(*memory_, news);
        if (!context_.run.dry_run) {
            forget_old_news(*memory_, news);
        }
    }

    void open_outbox() {
        if (memory_) {
            webhook_ = open_webhook(context_);
            outbox_.emplace(*memory_, *webhook_, settings_.webhooks, settings_.webhook_secret);
        }
    }

    /// A notice that waits is delivered while it is true, not made anew, and dropped once it is
    /// not.
    void take_from_outbox() {
        std::vector<WaitingEvent> all = outbox_->waiting();
        std::vector<WaitingEvent> untrue;
        std::erase_if(all, [&](const WaitingEvent& event) {
            if (is_still_true(event.kind, event.idle_since, decision_about(event.app))) {
                return false;
            }
            untrue.push_back(event);
            return true;
        });
        if (!context_.run.dry_run) {
            outbox_->drop(untrue);
        }
        std::erase_if(round_.steps, [&](const RoundStep& step) {
            return std::ranges::any_of(all, [&](const WaitingEvent& event) {
                return event.app == fleet_->kibanas()[step.app].app.id &&
                       is_notice_for(event.kind, step.step);
            });
        });
        waiting_ = due_events(std::move(all), fleet_->now());
    }

    /// Of an app that is not there: none.
    [[nodiscard]] KibanaDecision decision_about(const std::string& app) const {
        const auto& judged = fleet_->judged();
        const auto found = std::ranges::find(judged, app, &JudgedKibana::id);
        return found == judged.end() ? KibanaDecision{} : found->decision;
    }

    const KibanaSettings& settings_;
    Context& context_;
    std::optional<JobMemory> memory_{};
    std::optional<KibanaFleet> fleet_{};
    std::unique_ptr<HttpClient> webhook_{};
    std::optional<EventOutbox> outbox_{};
    RoundPlan round_{};
    std::vector<FleetNews> news_{};
    std::vector<WaitingEvent> waiting_{};
    std::vector<std::string> troubles_{};
};

}  // namespace

std::unique_ptr<UpkeepTask> begin_recycling(const KibanaSettings& settings, Context& context) {
    return std::make_unique<RecycleTask>(settings, context);
}

}  // namespace caretaker
