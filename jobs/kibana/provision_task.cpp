// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_task.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/metric_builders.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/table_columns.hpp"
#include "common/clients/marathon_control.hpp"
#include "common/http/one_try_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "common/text/duration.hpp"
#include "common/text/stable_hash.hpp"
#include "jobs/kibana/provision_drift_plan.hpp"
#include "jobs/kibana/provision_storage_plan.hpp"
#include "jobs/kibana/provision_template_model.hpp"
#include "jobs/kibana/saved_objects_client.hpp"
#include "jobs/kibana/status_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::string_view memory_kind = "provisioned";
constexpr std::string_view default_kind = "set_default";
constexpr std::chrono::milliseconds first_poll{500};
constexpr std::chrono::milliseconds longest_poll{5'000};

std::string_view word(ObjectStep step) {
    constexpr std::array<std::string_view, 5> words{
        "create", "same", "update", "drift", "overwrite"};
    return words.at(static_cast<std::size_t>(step));
}

bool is_written(ObjectStep step) {
    return step != ObjectStep::same && step != ObjectStep::drift;
}

std::string reason_of(ObjectStep step) {
    switch (step) {
        case ObjectStep::create:
            return "Kibana does not have it";
        case ObjectStep::update:
            return "nobody changed it, and the bundle did";
        case ObjectStep::overwrite:
            return "people changed it, and --on-drift overwrite puts it back";
        case ObjectStep::drift:
            return "people changed it, so it stays as it is";
        case ObjectStep::same:
            break;
    }
    return "as it should be";
}

std::string key_of(const BundleObject& object) {
    return fmt::format("{}/{}", object.type, object.id);
}

/// What we wrote last, and what Kibana made of it: hashes of both forms.
struct WrittenForms {
    std::string wanted{};
    std::string present{};
};

class ProvisionTask final : public UpkeepTask {
 public:
    ProvisionTask(const ProvisionRequest& request, Context& context)
        : request_(request), context_(context), variables_(request.variables) {
        if (context.store != nullptr) {
            memory_.emplace(context.store->memory(context.run.job, context.run.target));
        }
    }

    UpkeepPlan plan(std::span<const UnsettledAction> unsettled) override {
        find_kibana();
        bundle_ = request_.directory.empty() ? make_template()
                                             : read_bundle(request_.directory, variables_);
        objects_client_.emplace(*http_);
        objects_client_->settle_on(await_version(), bundle_.space);
        const PresentObjects present = objects_client_->fetch(bundle_.objects);
        UpkeepPlan plan{.universe = static_cast<std::int64_t>(bundle_.objects.size())};
        for (const UnsettledAction& action : unsettled) {  // they are looked at again anyway
            plan.settled.push_back({.id = action.id, .done = false});
        }
        for (const BundleObject& object : bundle_.objects) {
            const auto found = present.find({object.type, object.id});
            const ObjectStep step = decide(
                object, found == present.end() ? std::nullopt : std::optional(found->second));
            steps_.push_back(step);
            if (is_written(step)) {
                plan.actions.push_back({.kind = std::string(word(step)),
                                        .subject = key_of(object),
                                        .reason = reason_of(step),
                                        .destructive = step == ObjectStep::overwrite});
                written_.push_back(&object);
            }
        }
        if (!bundle_.default_index.empty() && objects_client_->default_index().empty()) {
            plan.actions.push_back({.kind = std::string(default_kind),
                                    .subject = "index-pattern/" + bundle_.default_index,
                                    .reason = "no default is set",
                                    .destructive = false});
            sets_default_ = true;
        }
        return plan;
    }

    void act(ActionExecutor& executor) override {
        std::vector<std::size_t> indices(written_.size());
        for (std::size_t i = 0; i < indices.size(); ++i) {
            indices[i] = i;
        }
        if (!indices.empty()) {
            executor.run_together(indices, [&] {
                std::vector<ActionResult> results;
                for (const std::string& trouble : objects_client_->write(written_)) {
                    results.push_back(
                        {.state = trouble.empty() ? ActionState::done : ActionState::failed,
                         .error = trouble});
                }
                return results;
            });
        }
        if (sets_default_) {
            executor.run(written_.size(), [&] {
                objects_client_->set_default_index(bundle_.default_index);
                return ActionResult();
            });
        }
    }

    /// Kibana may make something else of what it is given, so what it shows is remembered.
    void verify(ActionExecutor& executor) override {
        const PresentObjects present = objects_client_->fetch(bundle_.objects);
        const WallTime now = context_.clock.now();
        const auto remember = [&] {
            for (std::size_t i = 0; i < written_.size(); ++i) {
                const auto found = present.find({written_[i]->type, written_[i]->id});
                if (executor.actions().state(i) == ActionState::done && found != present.end()) {
                    memory_->save(
                        {.kind = memory_kind, .name = place_, .part = key_of(*written_[i])},
                        fmt::format("{} {}", hash(written_[i]->form), hash(found->second)),
                        now);
                }
            }
        };
        if (memory_) {
            memory_->write(remember);
        }
        for (std::size_t i = 0; i < written_.size(); ++i) {
            if (executor.actions().state(i) == ActionState::done &&
                !present.contains({written_[i]->type, written_[i]->id})) {
                executor.correct(i,
                                 {.state = ActionState::failed,
                                  .error = "Kibana took it, but does not have it"});
            }
        }
    }

    Report report(const ActionList& actions) override {
        Report report{
            .table = {.columns = {text_column("object", "OBJECT"),
                                  text_column("step", "STEP"),
                                  text_column("reason", "REASON")}},
            .looked_at = [place = place_ + " "](
                             const Finding& finding) { return finding.subject.starts_with(place); },
            .items_seen = static_cast<std::int64_t>(bundle_.objects.size())};
        std::array<std::int64_t, 5> counts{};
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const BundleObject& object = bundle_.objects[i];
            ++counts.at(static_cast<std::size_t>(steps_[i]));
            report.table.rows.push_back(
                {key_of(object), std::string(word(steps_[i])), reason_of(steps_[i])});
            if (steps_[i] == ObjectStep::drift) {
                report.findings.push_back(
                    {.code = "drift",
                     .subject = fmt::format("{} {}", place_, key_of(object)),
                     .message = fmt::format("{} of {}: {}; --on-drift overwrite would put it back",
                                            key_of(object),
                                            place_,
                                            reason_of(ObjectStep::drift)),
                     .severity = Severity::low});
            }
        }
        const auto count = [&](ObjectStep step) {
            return counts.at(static_cast<std::size_t>(step));
        };
        report.summary =
            fmt::format("{} {}: {} created, {} updated, {} as they should be, {} drifted",
                        bundle_.name,
                        bundle_.version,
                        count(ObjectStep::create),
                        count(ObjectStep::update) + count(ObjectStep::overwrite),
                        count(ObjectStep::same),
                        count(ObjectStep::drift));
        report.metrics.push_back(
            make_counter("provision.written", actions.count(ActionState::done)));
        report.metrics.push_back(
            make_gauge("provision.drifted", static_cast<double>(count(ObjectStep::drift))));
        return report;
    }

 private:
    static std::string hash(std::string_view form) { return hex16(stable_hash(form)); }

    /// From Marathon, where the app is named, with its labels as further variables.
    void find_kibana() {
        ServiceOptions options = request_.kibana;
        place_ = options.endpoints.empty() ? std::string() : options.endpoints.front();
        if (!request_.app.empty()) {
            ServiceHttp http(*request_.marathon, context_);
            MarathonControl marathon(http);
            std::optional<KibanaApp> app;
            marathon.read_app(request_.app,
                              [&](JsonView answer) { app = read_kibana_app(answer); });
            if (!app) {
                throw UsageError(fmt::format("Marathon has no app {}", request_.app));
            }
            variables_.insert(app->labels.begin(), app->labels.end());
            options.endpoints = {address_of(*app)};
            place_ = request_.app;
        }
        http_.emplace(options, context_);
        prober_ = std::make_unique<OneTryHttp>(options.http, context_);
    }

    [[nodiscard]] std::string address_of(const KibanaApp& app) const {
        constexpr std::string_view suffix = "/api/status";
        const std::string url =
            status_url(app, {.scheme = request_.scheme, .base_path = request_.base_path});
        if (url.empty()) {
            throw Error(
                ExitCode::failed,
                "kibana_asleep",
                fmt::format(
                    "{} has no task that runs; caretaker kibana wake {} first", app.id, app.id));
        }
        return url.substr(0, url.size() - suffix.size());
    }

    ProvisionBundle make_template() {
        ServiceHttp search(*request_.search, context_);
        const std::string url = fmt::format("/{}/_field_caps?fields=*", request_.template_index);
        const HttpResponse response = search.require({.url = url});
        const JsonDocument document = JsonDocument::parse(response.body, "elasticsearch: " + url);
        const LogFields fields = read_log_fields(document.root());
        if (fields.time.empty()) {
            throw Error(ExitCode::failed,
                        "no_time_field",
                        fmt::format("{}: no index of that name has a field of type date; let a "
                                    "first line in, and try again",
                                    request_.template_index));
        }
        return make_template_bundle(request_.template_name, request_.template_index, fields);
    }

    /// Waits until it is ready, as right after a deployment it is not.
    DashboardsVersion await_version() {
        context_.progress.begin("waiting for Kibana to be ready", {}, std::nullopt);
        const SteadyTime end = context_.clock.steady() + request_.wait;
        for (auto pause = first_poll;; pause = std::min(pause * 2, longest_poll)) {
            const KibanaServer server = look_at_kibana(*prober_, http_->endpoint());
            if (server.is_ready) {
                return check_version(server.version);
            }
            if (context_.clock.steady() + pause > end) {
                throw Error(ExitCode::timeout,
                            "kibana_not_ready",
                            fmt::format("{} is not ready within {}: {}",
                                        place_,
                                        format_duration(request_.wait),
                                        server.state));
            }
            context_.clock.wait(pause, context_.stop);
            context_.stop.check();
        }
    }

    [[nodiscard]] DashboardsVersion check_version(
        const std::optional<DashboardsVersion>& version) const {
        if (!version) {
            throw RemoteError(RemoteFailure::denied,
                              "kibana_no_version",
                              fmt::format("{} does not tell its version without a login; give user "
                                          "and password of targets.<name>.kibana",
                                          place_));
        }
        const auto storage = object_storage(*version);
        if (!storage || *storage == ObjectStorage::kibana_int ||
            *storage == ObjectStorage::kibana_index) {
            throw Error(ExitCode::failed,
                        "kibana_too_old",
                        fmt::format("{} is of version {}.{}; saved objects are written from Kibana "
                                    "6 and OpenSearch Dashboards 1 on",
                                    place_,
                                    version->major,
                                    version->minor));
        }
        if (bundle_.min_kibana && is_older(*version, *bundle_.min_kibana)) {
            throw Error(
                ExitCode::failed,
                "kibana_too_old",
                fmt::format("the bundle needs Kibana {}.{} or later (min_kibana), and {} is "
                            "of version {}.{}",
                            bundle_.min_kibana->major,
                            bundle_.min_kibana->minor,
                            place_,
                            version->major,
                            version->minor));
        }
        if (bundle_.exported_by) {
            const std::string obstacle = import_obstacle(*bundle_.exported_by, *version);
            if (!obstacle.empty()) {
                throw Error(ExitCode::failed, "kibana_does_not_take_it", obstacle);
            }
        }
        return *version;
    }

    ObjectStep decide(const BundleObject& object, const std::optional<std::string>& present) {
        ObjectForms forms{.wanted = hash(object.form)};
        if (present) {
            forms.present = hash(*present);
        }
        const auto last = find_written(object);
        if (last) {
            forms.last_written = last->present;
            if (last->wanted == forms.wanted && forms.present == last->present) {
                return ObjectStep::same;
            }
        }
        return decide_object_step(forms, request_.overwrites_drift);
    }

    std::optional<WrittenForms> find_written(const BundleObject& object) {
        const std::string part = key_of(object);
        const auto entry = memory_
                               ? memory_->find({.kind = memory_kind, .name = place_, .part = part})
                               : std::nullopt;
        const std::size_t blank = entry ? entry->body.find(' ') : std::string_view::npos;
        if (blank == std::string_view::npos) {
            return std::nullopt;
        }
        return WrittenForms{std::string(entry->body.substr(0, blank)),
                            std::string(entry->body.substr(blank + 1))};
    }

    const ProvisionRequest& request_;
    Context& context_;
    BundleVariables variables_;
    std::optional<JobMemory> memory_{};
    std::string place_{};  // the app, or the address, for people and for the memory
    ProvisionBundle bundle_{};
    std::optional<ServiceHttp> http_{};
    std::unique_ptr<HttpClient> prober_{};  // asks again by itself
    std::optional<SavedObjectsClient> objects_client_{};
    std::vector<ObjectStep> steps_{};
    std::vector<const BundleObject*> written_{};
    bool sets_default_ = false;
};

}  // namespace

std::unique_ptr<UpkeepTask> begin_provisioning(const ProvisionRequest& request, Context& context) {
    return std::make_unique<ProvisionTask>(request, context);
}

}  // namespace caretaker
