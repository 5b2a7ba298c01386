// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/hand_task.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/table_columns.hpp"
#include "common/http/one_try_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "common/text/duration.hpp"
#include "common/text/edit_distance.hpp"
#include "jobs/kibana/event_outbox.hpp"
#include "jobs/kibana/kibana_changes.hpp"
#include "jobs/kibana/kibana_fleet.hpp"
#include "jobs/kibana/status_signal.hpp"
#include "jobs/kibana/suspension_model.hpp"
#include "jobs/kibana/webhook_http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds first_poll{200};
constexpr std::chrono::milliseconds longest_poll{2'000};

std::string_view word(HandKind kind) {
    constexpr std::array<std::string_view, 5> words{
        "wake", "suspend", "restore", "touch", "protect"};
    return words.at(static_cast<std::size_t>(kind));
}

class HandTask final : public UpkeepTask {
 public:
    HandTask(const HandRequest& request, const KibanaSettings& settings, Context& context)
        : request_(request), settings_(settings), context_(context) {
        if (context.store == nullptr && !context.run.dry_run) {
            throw StoreError(
                "this command keeps in the store what it does to Kibanas; name a store by --store");
        }
        if (context.store != nullptr) {
            memory_.emplace(context.store->memory(context.run.job, context.run.target));
        }
        fleet_.emplace(settings, context, memory_ ? &*memory_ : nullptr);
    }

    UpkeepPlan plan(std::span<const UnsettledAction> unsettled) override {
        fleet_->read_apps();
        UpkeepPlan plan{.universe = fleet_->running()};
        for (const UnsettledAction& action : unsettled) {
            const KibanaFacts* kibana = find(action.subject);
            const bool runs = kibana != nullptr && kibana->app.instances > 0;
            plan.settled.push_back(
                {.id = action.id, .done = action.kind == "suspend" ? !runs : runs});
        }
        for (const std::string& id : request_.apps) {
            plan.actions.push_back(make_action(id));
        }
        return plan;
    }

    void act(ActionExecutor& executor) override {
        webhook_ = open_webhook(context_);
        outbox_.emplace(*memory_, *webhook_, settings_.webhooks, settings_.webhook_secret);
        KibanaChanges changes(*fleet_, *memory_, *outbox_, context_);
        if (waits_for_kibanas()) {
            changes.leave_deployments_alone();
        }
        for (std::size_t i = 0; i < request_.apps.size(); ++i) {
            executor.run(i, [&] { return carry_out(changes, request_.apps[i]); });
        }
        if (waits_for_kibanas()) {
            await_all(executor);
        }
    }

    void verify(ActionExecutor& executor) override {
        if (request_.kind != HandKind::suspend) {
            return;
        }
        const auto apps = fleet_->fetch_apps();
        for (std::size_t i = 0; i < request_.apps.size(); ++i) {
            const auto found = apps.find(request_.apps[i]);
            if (executor.actions().state(i) != ActionState::done || found == apps.end()) {
                continue;
            }
            if (const auto awake = find_awake(found->second)) {
                executor.correct(i, *awake);
            }
        }
    }

    /// The time in which a Kibana had to be ready was over: told last, as the app is awake.
    void conclude() override {
        if (!late_.empty() && !context_.run.dry_run) {
            throw Error(ExitCode::timeout, "kibana_not_ready", late_);
        }
    }

    Report report(const ActionList& actions) override {
        Report report{.table = {.columns = {text_column("app", "APP"),
                                            text_column("state", "STATE"),
                                            text_column("address", "ADDRESS"),
                                            text_column("reason", "REASON")}},
                      .looked_at = [](const Finding&) { return false; },
                      .items_seen = static_cast<std::int64_t>(request_.apps.size())};
        for (std::size_t i = 0; i < actions.size(); ++i) {
            const std::string id(actions.subject(i));
            const auto address = addresses_.find(id);
            report.table.rows.push_back(
                {id,
                 std::string(to_string(actions.state(i))),
                 address == addresses_.end() ? Cell() : Cell(address->second),
                 std::string(actions.reason(i))});
        }
        report.summary = fmt::format("{}: {} of {} done",
                                     word(request_.kind),
                                     actions.count(ActionState::done),
                                     actions.size());
        return report;
    }

 private:
    [[nodiscard]] bool waits_for_kibanas() const {
        return request_.kind == HandKind::wake || request_.kind == HandKind::restore;
    }

    [[nodiscard]] const KibanaFacts* find(std::string_view id) const {
        const auto& kibanas = fleet_->kibanas();
        const auto found = std::ranges::find(
            kibanas, id, [](const KibanaFacts& one) { return std::string_view(one.app.id); });
        return found == kibanas.end() ? nullptr : &*found;
    }

    [[nodiscard]] const KibanaFacts& require(const std::string& id) const {
        if (const KibanaFacts* kibana = find(id)) {
            return *kibana;
        }
        std::vector<std::string_view> known;
        for (const KibanaFacts& kibana : fleet_->kibanas()) {
            known.emplace_back(kibana.app.id);
        }
        const auto nearest = nearest_name(id, known);
        throw UsageError(fmt::format("'{}' is no managed Kibana{}; caretaker kibana list shows all",
                                     id,
                                     nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
    }

    [[nodiscard]] bool can_restore(const std::string& id) {
        return find(id) == nullptr && memory_ && load_definition(*memory_, id).has_value();
    }

    Action make_action(const std::string& id) {
        Action action{.kind = std::string(word(request_.kind)),
                      .subject = id,
                      .reason = "by hand",
                      .destructive = request_.kind == HandKind::suspend};
        if (request_.kind == HandKind::restore ||
            (request_.kind == HandKind::wake && can_restore(id))) {
            if (find(id) != nullptr) {
                throw UsageError(fmt::format(
                    "{} is in Marathon, so there is nothing to restore; caretaker kibana wake {}",
                    id,
                    id));
            }
            if (!can_restore(id)) {
                require_definition(id);
            }
            action.kind = "restore";
            action.reason = "by hand, from its kept definition";
            return action;
        }
        const KibanaFacts& kibana = require(id);
        action.identity = kibana.app.version;
        if (request_.kind == HandKind::suspend) {
            check_suspension(kibana);
        } else if (request_.kind == HandKind::wake && kibana.app.instances > 0) {
            action.reason = "has instances already, so it is only waited for";
        }
        return action;
    }

    [[noreturn]] static void require_definition(const std::string& id) {
        throw UsageError(fmt::format(
            "{}: no definition of it is kept, so it cannot be made anew; deploy it again", id));
    }

    void check_suspension(const KibanaFacts& kibana) const {
        if (kibana.app.instances == 0) {
            throw UsageError(
                fmt::format("{} has no instances, so there is nothing to suspend", kibana.app.id));
        }
        if (kibana.app.is_deploying) {
            throw UsageError(
                fmt::format("{} is being deployed; try again when that is over", kibana.app.id));
        }
        const KibanaDecision decision =
            decide_kibana(kibana, fleet_->policy_of(kibana), fleet_->now());
        if (decision.verdict == KibanaVerdict::protected_from_us && !request_.even_protected) {
            throw UsageError(fmt::format("{} is protected: {}; --even-protected suspends it",
                                         kibana.app.id,
                                         decision.reason));
        }
    }

    ActionResult carry_out(KibanaChanges& changes, const std::string& id) {
        const KibanaFacts* kibana = find(id);
        switch (request_.kind) {
            case HandKind::restore:
                return changes.restore(id, "by hand");
            case HandKind::wake:
                note_touch(*memory_, id, context_.clock.now());
                return kibana == nullptr           ? changes.restore(id, "by hand")
                       : kibana->app.instances > 0 ? ActionResult{}
                                                   : changes.resume(*kibana, "by hand");
            case HandKind::suspend:
                return changes.suspend(*kibana,
                                       {.verdict = KibanaVerdict::idle, .reason = "by hand"});
            case HandKind::touch:
                note_touch(*memory_, id, context_.clock.now());
                break;
            case HandKind::protect:
                change_kibana_state(*memory_, id, context_.clock.now(), [&](KibanaState& state) {
                    state.protected_until = request_.protect_until;
                });
                break;
        }
        return {};
    }

    void await_all(const ActionExecutor& executor) {
        kibana_ = std::make_unique<OneTryHttp>(settings_.kibana, context_);
        const SteadyTime end = context_.clock.steady() + request_.wait;
        for (std::size_t i = 0; i < request_.apps.size(); ++i) {
            if (executor.actions().state(i) != ActionState::done) {
                continue;
            }
            const std::string& id = request_.apps[i];
            if (!await_ready(id, end)) {
                late_ = fmt::format(
                    "{} is awake, but was not ready within {}; look at its task in "
                    "Marathon, or wait longer by --wait",
                    id,
                    format_duration(request_.wait));
            }
        }
    }

    bool await_ready(const std::string& id, SteadyTime end) {
        context_.progress.begin("waiting for Kibana to be ready", {}, std::nullopt);
        for (auto pause = first_poll;; pause = std::min(pause * 2, longest_poll)) {
            if (is_ready(id)) {
                return true;
            }
            if (context_.clock.steady() + pause > end) {
                return false;
            }
            context_.clock.wait(pause, context_.stop);
            context_.stop.check();
        }
    }

    bool is_ready(const std::string& id) {
        std::optional<KibanaApp> app;
        fleet_->marathon().read_app(id, [&](JsonView answer) { app = read_kibana_app(answer); });
        const std::string url =
            app ? status_url(*app, {.scheme = settings_.scheme, .base_path = settings_.base_path})
                : std::string();
        if (url.empty()) {
            return false;
        }
        const HttpOutcome outcome = try_send(*kibana_, {.url = url});
        const auto* response = std::get_if<HttpResponse>(&outcome);
        if (response == nullptr || !find_status_trouble(response->status, response->body).empty()) {
            return false;
        }
        // Caught because what answers otherwise is not ready yet.
        try {
            if (!read_kibana_status(JsonDocument::parse(response->body, url).root()).is_ready) {
                return false;
            }
        } catch (const JsonError&) {
            return false;
        }
        const KibanaTask& task = app->tasks.front();
        addresses_[id] = fmt::format("{}:{}", task.host, task.port);
        return true;
    }

    const HandRequest& request_;
    const KibanaSettings& settings_;
    Context& context_;
    std::optional<JobMemory> memory_{};
    std::optional<KibanaFleet> fleet_{};
    std::unique_ptr<HttpClient> webhook_{};
    std::unique_ptr<HttpClient> kibana_{};
    std::optional<EventOutbox> outbox_{};
    std::map<std::string, std::string, std::less<>> addresses_{};
    std::string late_{};
};

}  // namespace

std::unique_ptr<UpkeepTask> begin_by_hand(const HandRequest& request,
                                          const KibanaSettings& settings,
                                          Context& context) {
    return std::make_unique<HandTask>(request, settings, context);
}

}  // namespace caretaker
