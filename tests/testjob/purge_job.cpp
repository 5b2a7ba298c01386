// SPDX-License-Identifier: Apache-2.0
// The command `purge`: its options, and plan, act and verify against a ThingServer.
#include "tests/testjob/purge_job.hpp"

#include "common/base/action_steps.hpp"
#include "common/base/context.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/clients/http_settings.hpp"
#include "common/http/service_http.hpp"
#include "common/options/command_options.hpp"
#include "tests/testjob/purge_plan.hpp"
#include "tests/testjob/thing_client.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

namespace {

constexpr JobInfo info{
    .name = "purge",
    .summary = "Delete old things",
    .description = "Deletes the things of a test server that are older than --keep days.",
    .examples =
        "  caretaker-testjob purge --url http://127.0.0.1:8080 --yes\n      all old things\n",
    .kind = JobKind::upkeep,
    .timeout = std::chrono::minutes(5),
};

struct Options {
    std::vector<std::string> urls{};
    std::int64_t keep_days = 30;
    std::int64_t then_keep_days = -1;  // in a further round; less than 0: there is none
    std::int64_t together = 1;
    std::vector<std::string> locks{};
};

class PurgeTask final : public UpkeepTask {
 public:
    PurgeTask(const Options& options, const ServiceOptions& service, Context& context)
        : options_(options), http_(service, context), client_(http_) {}

    UpkeepPlan plan(std::span<const UnsettledAction> unsettled) override {
        std::vector<Thing> things = client_.fetch_things();
        seen_ = things.size();
        return plan_purge(std::move(things), options_.keep_days, unsettled);
    }

    void act(ActionExecutor& executor) override {
        run_in_batches(executor,
                       static_cast<std::size_t>(options_.together),
                       [&](std::span<const std::size_t> indices) {
                           std::vector<std::string> names;
                           for (const std::size_t index : indices) {
                               names.emplace_back(executor.actions().subject(index));
                           }
                           client_.delete_things(names);
                           return std::vector<ActionResult>(indices.size());
                       });
    }

    UpkeepPlan plan_further() override {
        if (options_.then_keep_days < 0) {
            return {};
        }
        UpkeepPlan plan = plan_purge(client_.fetch_things(), options_.then_keep_days, {});
        plan.universe = 0;  // all of them count already
        further_ = plan.actions.size();
        return plan;
    }

    void act_further(ActionExecutor& executor) override {
        const std::size_t size = executor.actions().size();
        for (std::size_t index = size - further_; index < size; ++index) {
            executor.run(index, [&] {
                const std::string name(executor.actions().subject(index));
                client_.delete_things(std::span(&name, 1));
                return ActionResult{};
            });
        }
    }

    void verify(ActionExecutor& executor) override {
        std::set<std::string, std::less<>> there;
        for (Thing& thing : client_.fetch_things()) {
            there.insert(std::move(thing.uuid));
        }
        fail_those_still_there(executor,
                               [&](std::string_view uuid) { return there.contains(uuid); });
    }

    Report report(const ActionList& actions) override {
        Report report{.summary = fmt::format(
                          "deleted {} of {} things", actions.count(ActionState::done), seen_)};
        if (actions.count(ActionState::would) > 0) {
            report.summary = fmt::format(
                "would delete {} of {} things", actions.count(ActionState::would), seen_);
        }
        report.table = {.columns = {{.key = "name", .heading = "NAME"},
                                    {.key = "state", .heading = "STATE"},
                                    {.key = "reason", .heading = "REASON"}}};
        for (std::size_t i = 0; i < actions.size(); ++i) {
            report.table.rows.push_back({std::string(actions.subject(i)),
                                         std::string(to_string(actions.state(i))),
                                         std::string(actions.reason(i))});
        }
        report.items_seen = static_cast<std::int64_t>(seen_);
        return report;
    }

 private:
    const Options& options_;
    ServiceHttp http_;
    ThingClient client_;
    std::size_t seen_ = 0;
    std::size_t further_ = 0;
};

class PurgeJob final : public UpkeepJob {
 public:
    void describe(CommandOptions& command) override {
        command.add("--url", options_.urls, "Address of the server");
        command.add("--keep", options_.keep_days, "Days");
        command.add("--then-keep", options_.then_keep_days, "Days, in a further round");
        command.add("--together", options_.together, "Things deleted by one request");
        command.add("--lock", options_.locks, "Names of further locks");
    }

    void configure(const Settings& settings, const std::string& target) override {
        service_ = load_http_options(
            settings, target, "marathon", {.name = "--url", .urls = options_.urls});
    }

    std::unique_ptr<UpkeepTask> begin(Context& context) override {
        return std::make_unique<PurgeTask>(options_, service_, context);
    }

    [[nodiscard]] UpkeepLock lock_of_form(const std::string& job) const override {
        UpkeepLock lock{.names = {job}};
        lock.names.insert(lock.names.end(), options_.locks.begin(), options_.locks.end());
        return lock;
    }

 private:
    Options options_{};
    ServiceOptions service_{};
};

std::unique_ptr<Job> make_purge_job() {
    return std::make_unique<PurgeJob>();
}

}  // namespace

JobEntry purge_job_entry() {
    return {.info = info, .make = make_purge_job};
}

}  // namespace caretaker::testing
