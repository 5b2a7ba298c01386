// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_task.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_error.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "jobs/kibana/provision_bundle_check.hpp"
#include "jobs/kibana/provision_files.hpp"
#include "jobs/kibana/provision_junit.hpp"
#include "jobs/kibana/provision_keeper.hpp"
#include "jobs/kibana/provision_memory.hpp"
#include "jobs/kibana/provision_pattern_check.hpp"
#include "jobs/kibana/provision_place.hpp"
#include "jobs/kibana/provision_report.hpp"
#include "jobs/kibana/provision_request.hpp"
#include "jobs/kibana/provision_template_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

class ProvisionTask final : public UpkeepTask {
 public:
    ProvisionTask(const ProvisionRequest& request, Context& context)
        : request_(request), context_(context) {
        if (context.store != nullptr) {
            memory_.emplace(context.store->memory(context.run.job, context.run.target));
        }
        place_.emplace(request, context, memory_ ? &*memory_ : nullptr);
        outcome_.place = request.app.empty() ? request.kibana_url : request.app;
        outcome_.bundle = request.bundle.empty() ? request.log_type : request.bundle;
        write_junit();  // what holds if this ends early
    }

    UpkeepPlan plan(std::span<const UnsettledAction> unsettled) override {
        UpkeepPlan plan;
        settle(unsettled, plan);
        place_->find();
        read_bundle_asked_for();
        outcome_.place = place_->name(bundle_.space);
        if (place_->is_asleep()) {
            plan.actions.push_back({.kind = "resume",
                                    .subject = request_.app,
                                    .reason = "to be provisioned",
                                    .destructive = false});
            plan.actions.push_back({.kind = "provision",
                                    .subject = outcome_.bundle,
                                    .reason = "what it comes to is seen once Kibana is awake",
                                    .destructive = false});
            return plan;
        }
        look();
        for (std::size_t i = 0; i < outcome_.objects.size(); ++i) {
            const ProvisionedObject& one = outcome_.objects[i];
            if (is_write(one.step)) {
                plan.actions.push_back({.kind = std::string(to_string(one.step)),
                                        .subject = describe_object(*one.object),
                                        .reason = reason_of(one.step),
                                        .destructive = one.step == ObjectStep::overwrite});
                planned_.push_back(i);
            }
        }
        plan.universe = static_cast<std::int64_t>(outcome_.objects.size());
        if (!outcome_.sets_default.empty()) {
            plan.actions.push_back({.kind = "set_default",
                                    .subject = "index-pattern/" + outcome_.sets_default,
                                    .reason = "none is set, or it is gone",
                                    .destructive = false});
        }
        return plan;
    }

    void act(ActionExecutor& executor) override {
        if (place_->is_asleep()) {
            act_after_waking(executor);
            return;
        }
        if (keeper_->writes_together()) {
            std::vector<std::size_t> actions(planned_.size());
            for (std::size_t i = 0; i < actions.size(); ++i) {
                actions[i] = i;
            }
            executor.run_together(actions, [&] { return write(planned_); });
        } else {
            for (std::size_t i = 0; i < planned_.size(); ++i) {
                executor.run(i, [&] { return write({planned_[i]}).front(); });
            }
        }
        if (!outcome_.sets_default.empty()) {
            executor.run(planned_.size(), [&] { return write_default(); });
        }
    }

    void verify(ActionExecutor& executor) override {
        if (!keeper_ || planned_.empty()) {
            return;
        }
        std::vector<const BundleObject*> written;
        for (const std::size_t place : planned_) {
            written.push_back(outcome_.objects[place].object);
        }
        const auto kept = keeper_->read(written);
        for (std::size_t i = 0; i < planned_.size(); ++i) {
            ProvisionedObject& one = outcome_.objects[planned_[i]];
            const bool is_done = one.result && one.result->state == ActionState::done;
            if (is_done && !kept[i]) {
                one.result = {.state = ActionState::failed,
                              .error = "Kibana took it, but does not have it now"};
                if (!place_->is_asleep()) {
                    executor.correct(i, *one.result);
                }
            } else if (is_done) {
                seen_.emplace_back(one.object, kept[i]->normal);
            }
        }
    }

    /// Keeps what is there now as what we want there; also what was found so.
    void conclude() override {
        if (!memory_ || context_.run.dry_run || !outcome_.is_known) {
            return;
        }
        for (const ProvisionedObject& one : outcome_.objects) {
            if (one.step == ObjectStep::same) {
                seen_.emplace_back(one.object, one.kept->normal);
            }
        }
        ProvisionMemory written(*memory_, outcome_.place);
        memory_->write([&] {
            for (const auto& [object, normal] : seen_) {
                written.save(*object, normal, context_.clock.now());
            }
        });
        place_->note_use();
    }

    Report report(const ActionList& actions) override {
        // What ended a request early, the list of actions alone knows.
        const bool is_listed = actions.size() >= planned_.size() && !place_->is_asleep();
        for (std::size_t i = 0; is_listed && i < planned_.size(); ++i) {
            if (actions.state(i) != ActionState::would) {
                outcome_.objects[planned_[i]].result = {.state = actions.state(i),
                                                        .error = actions[i].error};
            }
        }
        write_junit();
        return report_provisioning(outcome_);
    }

 private:
    /// What was under way when a run died is read and compared anew like all else; what the other
    /// forms of the command left open is theirs.
    static void settle(std::span<const UnsettledAction> unsettled, UpkeepPlan& plan) {
        constexpr std::array<std::string_view, 5> own{
            "create", "update", "overwrite", "set_default", "provision"};
        for (const UnsettledAction& action : unsettled) {
            if (std::ranges::find(own, action.kind) != own.end()) {
                plan.settled.push_back({.id = action.id, .done = false});
            }
        }
    }

    void write_junit() const {
        if (!request_.junit.empty()) {
            write_junit_file(request_.junit, outcome_);
        }
    }

    static std::string reason_of(ObjectStep step) {
        switch (step) {
            case ObjectStep::create:
                return "it is not there";
            case ObjectStep::update:
                return "the bundle has another, and nobody else changed it";
            default:
                return "people changed it, and --on-drift overwrite was given";
        }
    }

    void read_bundle_asked_for() {
        BundleFiles files;
        if (!request_.bundle.empty()) {
            files = read_bundle_files(request_.bundle);
        } else {
            LogTypeTemplate type{.name = request_.log_type, .pattern = request_.pattern};
            if (type.pattern.empty()) {
                type.pattern = request_.log_type + "-*";
            }
            files = make_template_bundle(type, read_template_fields(fetch_field_text(type)));
        }
        bundle_ = read_bundle(files, place_->variables());
        outcome_.bundle = fmt::format("{} {}", bundle_.name, bundle_.version);
    }

    BundleFile fetch_field_text(const LogTypeTemplate& type) {
        if (!request_.fields.empty()) {
            return read_bundle_file(request_.fields);
        }
        return {.name = "elasticsearch: fields of " + type.pattern,
                .text = fetch_fields(search(), type.pattern)};
    }

    ServiceHttp& search() {
        if (!search_) {
            search_.emplace(*request_.search, context_);
        }
        return *search_;
    }

    /// Which Kibana it is, and what it has of the bundle.
    void look() {
        const KibanaContact& contact = place_->await_ready();
        const DashboardsVersion version = *contact.version;
        open_keeper(contact, version);
        outcome_.objects.clear();
        const std::vector<const BundleObject*> objects = choose_objects(bundle_, version);
        check_bundle_version(bundle_, objects, version, outcome_.place);
        const auto kept = keeper_->read(objects);
        for (std::size_t i = 0; i < objects.size(); ++i) {
            outcome_.objects.push_back(judge(*objects[i], kept[i]));
        }
        const bool wants_default = !bundle_.default_index.empty() && keeper_->has_default();
        if (wants_default && keeper_->read_default().empty()) {
            outcome_.sets_default = bundle_.default_index;
        }
        check_patterns();
        outcome_.is_known = true;
    }

    void open_keeper(const KibanaContact& contact, const DashboardsVersion& version) {
        const auto storage = object_storage(version);
        if (!storage) {
            throw Error(ExitCode::failed,
                        "kibana_too_old",
                        fmt::format("{} is {}, into which nothing can be provisioned; Kibana 3 to "
                                    "9 and OpenSearch Dashboards can be",
                                    outcome_.place,
                                    describe_dashboards(version)));
        }
        const KeeperOptions options{.version = version,
                                    .number = contact.number,
                                    .base_path = request_.base_path,
                                    .space = bundle_.space,
                                    .index = place_->index()};
        if (*storage == ObjectStorage::kibana_int || *storage == ObjectStorage::kibana_index) {
            if (!request_.search) {
                throw UsageError(fmt::format(
                    "{} keeps its objects in Elasticsearch, of which no address is named; add "
                    "--elasticsearch-url http://HOST:PORT",
                    describe_dashboards(version)));
            }
            keeper_ = keep_in_documents(search(), options);
            return;
        }
        kibana_.emplace(place_->service(), context_);
        keeper_ = keep_by_calls(*kibana_, options);
    }

    ProvisionedObject judge(const BundleObject& object, const std::optional<KeptObject>& kept) {
        std::optional<WrittenObject> written;
        if (memory_) {
            written = ProvisionMemory(*memory_, outcome_.place).find(object);
        }
        const auto present = kept ? std::optional(kept->normal) : std::nullopt;
        return {.object = &object,
                .step = decide_object_step(compare_forms(object.normal, present, written),
                                           request_.overwrites_drift),
                .kept = kept};
    }

    void check_patterns() {
        if (!request_.search) {
            return;
        }
        for (ProvisionedObject& one : outcome_.objects) {
            if (one.object->type != "index-pattern") {
                continue;
            }
            // Caught because the objects can be written without anybody knowing that.
            try {
                one.pattern_trouble = find_pattern_trouble(search(), *one.object);
            } catch (const RemoteError& error) {
                context_.log.warning(error.what());
            } catch (const JsonError& error) {
                context_.log.warning(error.what());
            }
        }
    }

    /// Writes the objects at these places of the outcome.
    std::vector<ActionResult> write(const std::vector<std::size_t>& places) {
        std::vector<ObjectWrite> writes;
        for (const std::size_t place : places) {
            const ProvisionedObject& one = outcome_.objects[place];
            writes.push_back({.object = one.object,
                              .replaces = one.step != ObjectStep::create,
                              .version = one.kept ? one.kept->version : std::string()});
        }
        std::vector<ActionResult> results = keeper_->write(writes);
        for (std::size_t i = 0; i < places.size(); ++i) {
            outcome_.objects[places[i]].result = results[i];
        }
        return results;
    }

    /// Whether the index pattern that is to be the default is there now.
    [[nodiscard]] bool has_default_pattern() const {
        return std::ranges::any_of(outcome_.objects, [&](const ProvisionedObject& one) {
            return one.object->type == "index-pattern" && one.object->id == outcome_.sets_default &&
                   (one.kept || (one.result && one.result->state == ActionState::done));
        });
    }

    ActionResult write_default() {
        if (!has_default_pattern()) {
            return {.state = ActionState::skipped, .error = "the index pattern was not written"};
        }
        return keeper_->write_default(outcome_.sets_default);
    }

    void act_after_waking(ActionExecutor& executor) {
        executor.run(0, [&] { return place_->wake(); });
        if (executor.actions().state(0) != ActionState::done) {
            return;
        }
        executor.run(1, [&] {
            look();
            for (std::size_t i = 0; i < outcome_.objects.size(); ++i) {
                if (is_write(outcome_.objects[i].step)) {
                    planned_.push_back(i);
                }
            }
            std::vector<ActionResult> results =
                planned_.empty() ? std::vector<ActionResult>{} : write(planned_);
            if (!outcome_.sets_default.empty()) {
                results.push_back(write_default());
            }
            const auto failed = std::ranges::find_if(
                results, [](const ActionResult& one) { return one.state != ActionState::done; });
            return failed == results.end() ? ActionResult{} : *failed;
        });
    }

    const ProvisionRequest& request_;
    Context& context_;
    std::optional<JobMemory> memory_{};
    std::optional<ProvisionPlace> place_{};
    std::optional<ServiceHttp> kibana_{};
    std::optional<ServiceHttp> search_{};
    std::unique_ptr<ObjectKeeper> keeper_{};
    Bundle bundle_{};
    ProvisionOutcome outcome_{};
    std::vector<std::size_t> planned_{};  // places of the outcome that are written, in order
    std::vector<std::pair<const BundleObject*, std::string>> seen_{};
};

}  // namespace

std::unique_ptr<UpkeepTask> begin_provisioning(const ProvisionRequest& request, Context& context) {
    return std::make_unique<ProvisionTask>(request, context);
}

}  // namespace caretaker
