// SPDX-License-Identifier: Apache-2.0
// The command `purge`: its options, and plan, act and verify against a ThingServer.
#include "tests/testjob/purge_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/clients/http_settings.hpp"
#include "common/http/http_status.hpp"
#include "common/http/http_tally.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_document.hpp"
#include "tests/testjob/purge_plan.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

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

std::vector<Thing> read_things(const HttpResponse& response) {
    const JsonDocument document = JsonDocument::parse(response.body, "GET /things");
    std::vector<Thing> things;
    for (const JsonView& thing : document.root().elements()) {
        things.push_back({.name = std::string(thing.at("name").text()),
                          .uuid = std::string(thing.at("uuid").text()),
                          .age_days = thing.at("age_days").integer(),
                          .bytes = thing.at("bytes").integer()});
    }
    return things;
}

class PurgeJob final : public UpkeepJob {
 public:
    void describe(CLI::App& app) override {
        app.add_option("--url", urls_, "Address of the server");
        app.add_option("--keep", keep_days_, "Days");
        app.add_option("--together", together_, "Things deleted by one request");
        app.add_option("--lock", locks_, "Names of further locks");
    }

    void configure(const Settings& settings, const std::string& target) override {
        options_ =
            load_http_options(settings, target, "marathon", {.name = "--url", .urls = urls_});
    }

    UpkeepPlan plan(Context& context, std::span<const UnsettledAction> unsettled) override {
        http_.emplace(options_, context, tally_);
        std::vector<Thing> things = fetch_things();
        seen_ = things.size();
        return plan_purge(std::move(things), keep_days_, unsettled);
    }

    void act(Context& /*context*/, ActionExecutor& executor) override {
        const ActionList& actions = executor.actions();
        for (std::size_t begin = 0; begin < actions.size(); begin += together_) {
            std::vector<std::size_t> indices;
            for (std::size_t i = begin; i < std::min(begin + together_, actions.size()); ++i) {
                indices.push_back(i);
            }
            executor.run_together(indices, [&] { return delete_things(actions, indices); });
        }
    }

    void verify(Context& /*context*/, ActionExecutor& executor) override {
        std::set<std::string> there;
        for (const Thing& thing : fetch_things()) {
            there.insert(thing.uuid);
        }
        const ActionList& actions = executor.actions();
        for (std::size_t i = 0; i < actions.size(); ++i) {
            if (actions.state(i) == ActionState::done &&
                there.contains(std::string(actions.identity(i)))) {
                executor.correct(i, {.state = ActionState::failed, .error = "is still there"});
            }
        }
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

    [[nodiscard]] std::vector<std::string> further_locks() const override { return locks_; }

 private:
    std::vector<Thing> fetch_things() { return read_things(http_->require({.url = "/things"})); }

    std::vector<ActionResult> delete_things(const ActionList& actions,
                                            std::span<const std::size_t> indices) {
        std::string names;
        for (const std::size_t index : indices) {
            names += (names.empty() ? "" : ",") + std::string(actions.subject(index));
        }
        const HttpRequest request{.method = HttpMethod::del, .url = "/things/" + names};
        const HttpResponse response = http_->send(request);
        if (!response.ok() && response.status != 404) {
            throw describe_status("things", request, response);
        }
        return std::vector<ActionResult>(indices.size());
    }

    std::vector<std::string> urls_;
    std::int64_t keep_days_ = 30;
    std::size_t together_ = 1;
    std::vector<std::string> locks_;
    ServiceOptions options_;
    HttpTally tally_;
    std::optional<ServiceHttp> http_;
    std::size_t seen_ = 0;
};

std::unique_ptr<Job> make_purge_job() {
    return std::make_unique<PurgeJob>();
}

}  // namespace

JobEntry purge_job_entry() {
    return {.info = info, .make = make_purge_job};
}

}  // namespace caretaker::testing
