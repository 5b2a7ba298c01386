// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_changes.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/store/job_memory.hpp"
#include "jobs/kibana/app_definition_model.hpp"
#include "jobs/kibana/fleet_event.hpp"
#include "jobs/kibana/notice_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::chrono::seconds between_changes{1};
constexpr std::chrono::minutes longest_deployment{5};

/// Whether the app could be made anew from it, as it is now.
bool is_definition_of(const KibanaApp& app, const std::string& body) {
    // Caught because nothing was changed yet, unlike where the answer to a change cannot be read.
    try {
        const JsonDocument document =
            JsonDocument::parse(body, fmt::format("marathon: the definition of {}", app.id));
        const JsonView root = document.root();
        const auto version = root.find("version");
        static_cast<void>(format_app_body(root, 1));
        return root.at("id").text() == app.id && (!version || version->text() == app.version);
    } catch (const JsonError&) {
        return false;
    }
}

}  // namespace

std::int64_t instances_to_wake(const KibanaLabels& labels, const KibanaState& state) {
    return std::max<std::int64_t>(1, labels.instances.value_or(state.saved_instances));
}

KibanaChanges::KibanaChanges(KibanaFleet& fleet,
                             JobMemory& memory,
                             EventOutbox& outbox,
                             Context& context)
    : fleet_(fleet), memory_(memory), outbox_(outbox), context_(context) {}

ActionResult KibanaChanges::notify(const KibanaFacts& kibana,
                                   const KibanaDecision& decision,
                                   KibanaStep step) {
    const auto kind = step == KibanaStep::notify ? event_kind::notice : event_kind::destroy_notice;
    std::string trouble;
    if (!outbox_.post(make_event(kind, kibana, decision), trouble)) {
        return {.state = ActionState::failed,
                .error = fmt::format("{}; the notice waits in the outbox", trouble)};
    }
    remember_notice(kibana.app.id, kind, decision.quiet_since);
    return {};
}

ActionResult KibanaChanges::suspend(const KibanaFacts& kibana, const KibanaDecision& decision) {
    const std::string& id = kibana.app.id;
    if (const std::string change = find_change(kibana); !change.empty()) {
        return {.state = ActionState::skipped, .error = change};
    }
    if (!keep_definition(kibana)) {
        return {.state = ActionState::failed, .error = "its definition cannot be read"};
    }
    await_turn();
    if (const std::string use = spares_used_ ? fleet_.find_late_use(kibana) : std::string();
        !use.empty()) {
        return {.state = ActionState::skipped, .error = use + " since it was planned"};
    }
    change_state(id, [&](KibanaState& state) {
        state.saved_instances = kibana.app.instances;
        state.suspended_at = context_.clock.now();
        state.destroy_notice_at.reset();
    });
    const MarathonChange change = fleet_.marathon().scale(id, 0);
    if (change.outcome != MarathonChange::Outcome::done) {
        change_state(id, [](KibanaState& state) { state.suspended_at.reset(); });
        return finish(change);
    }
    ActionResult result = finish(change);
    tell(make_event(event_kind::suspended, kibana, decision));
    return result;
}

ActionResult KibanaChanges::resume(const KibanaFacts& kibana, const std::string& reason) {
    const std::string& id = kibana.app.id;
    await_turn();
    const MarathonChange change =
        fleet_.marathon().scale(id, instances_to_wake(kibana.labels, fleet_.states()[id]));
    if (change.outcome != MarathonChange::Outcome::done) {
        return finish(change);
    }
    note_woken(id);
    ActionResult result = finish(change);
    tell(make_event(
        event_kind::resumed, kibana, {.verdict = KibanaVerdict::wanted, .reason = reason}));
    return result;
}

ActionResult KibanaChanges::destroy(const KibanaFacts& kibana, const KibanaDecision& decision) {
    const std::string& id = kibana.app.id;
    // The app may have changed while it slept.
    if (!keep_definition(kibana)) {
        return {.state = ActionState::failed,
                .error = "its definition cannot be read, so it could not be made anew"};
    }
    if (const std::string change = find_change(kibana); !change.empty()) {
        return {.state = ActionState::skipped, .error = change};
    }
    await_turn();
    const MarathonChange change = fleet_.marathon().remove(id);
    if (change.outcome != MarathonChange::Outcome::done &&
        change.outcome != MarathonChange::Outcome::gone) {
        return finish(change);
    }
    change_state(id, [&](KibanaState& gone) { gone.gone_at = context_.clock.now(); });
    ActionResult result = finish(change);
    tell(make_event(event_kind::destroyed, kibana, decision));
    return change.outcome == MarathonChange::Outcome::gone ? ActionResult{} : result;
}

ActionResult KibanaChanges::restore(const std::string& id, const std::string& reason) {
    const auto body = load_definition(memory_, id);
    if (!body) {
        return {.state = ActionState::failed, .error = "its definition is not kept"};
    }
    const JsonDocument document =
        JsonDocument::parse(*body, fmt::format("the kept definition of {}", id));
    KibanaFacts kibana{.app = {.id = id, .labels = read_app_labels(document.root())}};
    kibana.labels = read_kibana_labels(kibana.app.labels);
    const auto [change, has_other_ports] =
        create(document.root(), instances_to_wake(kibana.labels, fleet_.states()[id]));
    if (change.outcome != MarathonChange::Outcome::done) {
        return finish(change);
    }
    note_woken(id);
    std::string told = reason;
    if (has_other_ports) {
        const std::string ports = describe_ports(id);
        told += "; " + ports;
        context_.log.warning(fmt::format("{}: {}", id, ports));
    }
    ActionResult result = finish(change);
    tell(make_event(
        event_kind::restored, kibana, {.verdict = KibanaVerdict::wanted, .reason = told}));
    return result;
}

KibanaChanges::Creation KibanaChanges::create(JsonView definition, std::int64_t instances) {
    const std::string body = format_app_body(definition, instances);
    await_turn();
    const MarathonChange change = fleet_.marathon().create(body);
    const std::string elsewhere =
        format_app_body(definition, instances, ServicePorts::chosen_by_marathon);
    if (change.outcome != MarathonChange::Outcome::refused || elsewhere == body) {
        return {.change = change};
    }
    // Its service ports may have been taken meanwhile.
    await_turn();
    const MarathonChange second = fleet_.marathon().create(elsewhere);
    return second.outcome == MarathonChange::Outcome::done
               ? Creation{.change = second, .has_other_ports = true}
               : Creation{.change = change};
}

std::string KibanaChanges::describe_ports(const std::string& id) {
    std::vector<std::int64_t> ports;
    fleet_.marathon().read_app(id, [&](JsonView app) { ports = read_service_ports(app); });
    return fmt::format(
        "Marathon refused its old service ports, so it has others now ({}); tell those who use "
        "them",
        fmt::join(ports, ", "));
}

ActionResult KibanaChanges::deliver(WaitingEvent event) {
    renew(event);
    std::string trouble;
    if (!outbox_.deliver(event, context_.clock.now(), trouble)) {
        return {.state = ActionState::failed, .error = trouble};
    }
    remember_notice(event.app, event.kind, event.idle_since);
    return {};
}

ActionResult KibanaChanges::tell_fleet(const FleetNews& news) {
    std::string trouble;
    const bool is_delivered =
        outbox_.post(make_event(news.kind, {}, {.reason = news.reason}), trouble);
    note_told(memory_, news, context_.clock.now());  // what waits in the outbox is told later
    return is_delivered ? ActionResult{}
                        : ActionResult{.state = ActionState::failed, .error = trouble};
}

std::string KibanaChanges::find_change(const KibanaFacts& kibana) {
    const KibanaApp& planned = kibana.app;
    std::string change = "it is gone";
    fleet_.marathon().read_app(planned.id, [&](JsonView answer) {
        const KibanaApp app = read_kibana_app(answer);
        change = app.is_deploying                     ? "a deployment has begun"
                 : app.version != planned.version     ? "its definition changed"
                 : app.instances != planned.instances ? "it was scaled"
                                                      : "";
    });
    return change.empty() ? change : change + " since it was planned";
}

bool KibanaChanges::keep_definition(const KibanaFacts& kibana) {
    const KibanaApp& app = kibana.app;
    const std::string body = fleet_.marathon().fetch_definition(app.id, app.version);
    if (!is_definition_of(app, body)) {
        return false;
    }
    save_definition(memory_, app.id, body, context_.clock.now());
    change_state(app.id, [&](KibanaState& state) { state.saved_version = app.version; });
    return true;
}

void KibanaChanges::note_woken(const std::string& id) {
    change_state(id, [&](KibanaState& state) {
        state.gone_at.reset();
        state.suspended_at.reset();
        state.destroy_notice_at.reset();
        state.notice_at.reset();
        state.resumed_at = context_.clock.now();
    });
}

void KibanaChanges::change_state(const std::string& id,
                                 const std::function<void(KibanaState&)>& change) {
    fleet_.states()[id] = change_kibana_state(memory_, id, context_.clock.now(), change);
}

void KibanaChanges::await_turn() {
    const SteadyTime now = context_.clock.steady();
    if (last_change_ && now < *last_change_ + between_changes) {
        context_.clock.wait(
            std::chrono::ceil<std::chrono::milliseconds>(*last_change_ + between_changes - now),
            context_.stop);
        context_.stop.check();
    }
    last_change_ = context_.clock.steady();
}

ActionResult KibanaChanges::finish(const MarathonChange& change) {
    switch (change.outcome) {
        case MarathonChange::Outcome::done:
            break;
        case MarathonChange::Outcome::locked:
            return {
                .state = ActionState::failed,
                .error = fmt::format("a deployment is in the way ({}); the next run tries again",
                                     change.message)};
        case MarathonChange::Outcome::denied:
            return {.state = ActionState::failed, .error = change.message, .refused = true};
        case MarathonChange::Outcome::gone:
        case MarathonChange::Outcome::exists:
        case MarathonChange::Outcome::refused:
            return {.state = ActionState::failed, .error = change.message};
    }
    if (waits_for_deployments_ &&
        !fleet_.marathon().wait_for(
            change.deployment, longest_deployment, context_.clock, context_.stop)) {
        return {.state = ActionState::unknown,
                .error = "its deployment is not over after 5 minutes"};
    }
    return {};
}

KibanaEvent KibanaChanges::make_event(std::string_view kind,
                                      const KibanaFacts& kibana,
                                      const KibanaDecision& decision) {
    return make_kibana_event(kind, kibana, decision, fleet_, context_);
}

void KibanaChanges::renew(WaitingEvent& event) {
    const auto& judged = fleet_.judged();
    const auto found = std::ranges::find(judged, event.app, &JudgedKibana::id);
    if (found == judged.end() || !is_notice_for(event.kind, found->decision.step)) {
        return;
    }
    const auto index = static_cast<std::size_t>(found - judged.begin());
    KibanaEvent renewed = make_event(event.kind, fleet_.kibanas()[index], found->decision);
    renewed.id = event.id;
    event.body = format_kibana_event(renewed);
}

/// An event about what was done never changes whether it was done.
void KibanaChanges::tell(const KibanaEvent& event) {
    std::string trouble;
    if (!outbox_.post(event, trouble)) {
        troubles_.push_back(
            fmt::format("{} of {} is not yet delivered: {}", event.kind, event.app, trouble));
        context_.log.warning(troubles_.back());
    }
}

/// A notice counts for the idle spell that it is about, and for no later one.
void KibanaChanges::remember_notice(const std::string& app,
                                    std::string_view kind,
                                    const std::optional<WallTime>& idle_since) {
    const WallTime now = context_.clock.now();
    if (kind == event_kind::notice) {
        change_state(app, [&](KibanaState& state) {
            state.notice_at = now;
            state.notice_of = idle_since;
        });
    } else if (kind == event_kind::destroy_notice) {
        change_state(app, [&](KibanaState& state) { state.destroy_notice_at = now; });
    }
}

}  // namespace caretaker
