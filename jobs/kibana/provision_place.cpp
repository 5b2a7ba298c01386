// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_place.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/one_try_http.hpp"
#include "common/store/job_memory.hpp"
#include "common/text/duration.hpp"
#include "common/text/edit_distance.hpp"
#include "jobs/kibana/event_outbox.hpp"
#include "jobs/kibana/kibana_changes.hpp"
#include "jobs/kibana/kibana_fleet.hpp"
#include "jobs/kibana/webhook_http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds first_poll{200};
constexpr std::chrono::milliseconds longest_poll{2'000};

}  // namespace

ProvisionPlace::ProvisionPlace(const ProvisionRequest& request, Context& context, JobMemory* memory)
    : request_(request), context_(context), memory_(memory), endpoint_(request.kibana_endpoint) {
    if (request.fleet) {
        fleet_ = std::make_unique<KibanaFleet>(*request.fleet, context, memory);
    }
}

ProvisionPlace::~ProvisionPlace() = default;

void ProvisionPlace::find() {
    if (!fleet_) {
        return;
    }
    fleet_->read_apps();
    kibana_ = &require_app();
    if (kibana_->app.instances > 0) {
        return;
    }
    if (!request_.wakes) {
        throw Error(ExitCode::failed,
                    "kibana_suspended",
                    fmt::format("{} is suspended, so nothing can be provisioned; add --wake, or "
                                "wake it by: caretaker kibana wake {}",
                                request_.app,
                                request_.app));
    }
    if (memory_ == nullptr && !context_.run.dry_run) {
        throw StoreError("waking a Kibana is kept in the store; name a store by --store");
    }
    is_asleep_ = true;
}

const KibanaFacts& ProvisionPlace::require_app() const {
    std::vector<std::string_view> known;
    for (const KibanaFacts& kibana : fleet_->kibanas()) {
        if (kibana.app.id == request_.app) {
            return kibana;
        }
        known.emplace_back(kibana.app.id);
    }
    const auto nearest = nearest_name(request_.app, known);
    throw UsageError(
        fmt::format("--app: '{}' is no managed Kibana{}; caretaker kibana list shows "
                    "all",
                    request_.app,
                    nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
}

ActionResult ProvisionPlace::wake() {
    note_use();
    const std::unique_ptr<HttpClient> webhook = open_webhook(context_);
    EventOutbox outbox(
        *memory_, *webhook, request_.fleet->webhooks, request_.fleet->webhook_secret);
    KibanaChanges changes(*fleet_, *memory_, outbox, context_);
    changes.leave_deployments_alone();
    return changes.resume(*kibana_, "to be provisioned");
}

void ProvisionPlace::note_use() {
    if (fleet_ && memory_ != nullptr) {
        note_touch(*memory_, request_.app, context_.clock.now());
    }
}

void ProvisionPlace::look_for_task() {
    if (!fleet_) {
        return;
    }
    endpoint_.clear();
    fleet_->marathon().read_app(request_.app, [&](JsonView answer) {
        const KibanaApp app = read_kibana_app(answer);
        const auto task = std::ranges::find_if(
            app.tasks, [](const KibanaTask& one) { return one.is_running && one.port != 0; });
        if (task != app.tasks.end()) {
            endpoint_ = fmt::format("{}://{}:{}", request_.fleet->scheme, task->host, task->port);
        }
    });
}

KibanaContact ProvisionPlace::ask(HttpClient& http) const {
    if (endpoint_.empty()) {
        return {.trouble = "it has no running task"};
    }
    const std::string root = endpoint_ + request_.base_path;
    KibanaContact contact = read_kibana_contact(try_send(http, {.url = root + "/api/status"}));
    if (!contact.version && !contact.is_refused &&
        is_page_of_kibana_3(try_send(http, {.url = root + "/"}))) {
        return {.version = DashboardsVersion{3, 0}, .number = "3", .is_ready = true};
    }
    return contact;
}

const KibanaContact& ProvisionPlace::await_ready() {
    OneTryHttp http(request_.kibana, context_);
    context_.progress.begin("waiting for Kibana to be ready", {}, std::nullopt);
    const SteadyTime end = context_.clock.steady() + request_.wait;
    for (auto pause = first_poll;; pause = std::min(pause * 2, longest_poll)) {
        look_for_task();
        contact_ = ask(http);
        if (contact_.is_refused || (contact_.is_ready && !contact_.version)) {
            throw RemoteError(contact_.is_refused ? RemoteFailure::denied : RemoteFailure::failed,
                              "kibana_login",
                              fmt::format("{}: {}", name({}), contact_.trouble));
        }
        if (contact_.is_ready) {
            return contact_;
        }
        if (context_.clock.steady() + pause > end) {
            if (!contact_.is_reached) {
                throw RemoteError(
                    RemoteFailure::unreachable, "kibana_unreachable", contact_.trouble);
            }
            throw Error(ExitCode::timeout,
                        "kibana_not_ready",
                        fmt::format("{} was not ready within {}: {}; wait longer by --wait, or "
                                    "look at its log",
                                    name({}),
                                    format_duration(request_.wait),
                                    contact_.trouble));
        }
        context_.clock.wait(pause, context_.stop);
        context_.stop.check();
    }
}

BundleVariables ProvisionPlace::variables() const {
    BundleVariables all = request_.variables;
    if (kibana_ != nullptr) {
        for (const auto& [name, value] : kibana_->app.labels) {
            all.emplace(name, value);
        }
    }
    return all;
}

std::string ProvisionPlace::name(const std::string& space) const {
    const std::string place = request_.place();
    return space.empty() ? place : fmt::format("{} space {}", place, space);
}

std::string ProvisionPlace::index() const {
    const bool app_says = !request_.has_index && kibana_ != nullptr && !kibana_->app.index.empty();
    return app_says ? kibana_->app.index : request_.index;
}

ServiceOptions ProvisionPlace::service() const {
    return {.http = request_.kibana, .endpoints = {endpoint_}};
}

}  // namespace caretaker
