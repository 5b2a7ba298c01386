// SPDX-License-Identifier: Apache-2.0
// The job `leftovers`: its options, and a run in three steps: gather, compute, report.
#include "jobs/leftovers/leftovers_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/options/command_options.hpp"
#include "common/text/number.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/case_writer.hpp"
#include "jobs/leftovers/forecast_report.hpp"
#include "jobs/leftovers/leftovers_report.hpp"
#include "jobs/leftovers/loss_request.hpp"
#include "jobs/leftovers/offer_request.hpp"
#include "jobs/leftovers/plan_report.hpp"
#include "jobs/leftovers/plan_request.hpp"
#include "jobs/leftovers/rolling_model.hpp"
#include "jobs/leftovers/source_request.hpp"
#include "jobs/leftovers/view_request.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "leftovers",
    .summary = "Show what is really left in a Mesos cluster",
    .description =
        "Reads agents, reservations, offers and maintenance from the leading Mesos master and "
        "shows "
        "what is left: per resource, per group of agents, per agent. With a Marathon also how many "
        "more instances of each app fit by the rules of its own placing, why no more, what finds "
        "no place when an agent goes away, and whether a plan of apps can be placed. Amounts are "
        "computed per agent with Mesos' own "
        "arithmetic and summed afterwards. Nothing is changed, and no offer is taken. With "
        "--offers the run registers as a framework for some seconds, declines what it is offered, "
        "and compares it with the master's books.",
    .examples =
        "  caretaker leftovers --target prod\n"
        "      what is left, a row per resource\n"
        "  caretaker leftovers --mesos-url http://mesos-1:5050 --agents\n"
        "      a row per agent with pictures, without a configuration file\n"
        "  caretaker leftovers --target prod --explain /logs/es/data\n"
        "      why no more of an app fits, on the agents that come closest\n"
        "  caretaker leftovers --role logs --accept reserved --by rack\n"
        "      what the reservations of a role still hold, by the attribute rack\n"
        "  caretaker leftovers --target prod --plan new.json --fail-on high\n"
        "      a gate before a deployment: 0 there is room, 4 there is none, 3 cannot say\n"
        "  caretaker leftovers --target prod --offers\n"
        "      what the master really offers, and why some agents are offered less\n"
        "  caretaker leftovers --save case && caretaker leftovers --input case\n"
        "      save what was read, and judge it again anywhere",
    .kind = JobKind::check,
    .timeout = std::chrono::minutes(5),
};

class LeftoversJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        source_.describe(command);
        view_.describe(command);
        plans_.describe(command);
        offers_.describe(command);
        const std::string_view rows = "Rows";
        command.add_flag(
            "--agents", shown_.agents, "A row per agent, with pictures", {.group = rows});
        command.add("--apps",
                    shown_.apps.pattern,
                    "Only apps whose id fits the glob",
                    {.type = "GLOB", .group = rows});
        command.add("--top",
                    top_,
                    "So many apps, those with the least room (default 20; 0: all)",
                    {.type = "N", .group = rows, .check = [](const std::string& text) {
                         return check_whole_number(text, 0, 1'000'000);
                     }});
        command.add("--explain",
                    explain_,
                    "In place of the apps: why one of them fits or not on the agents that come "
                    "closest, or on one",
                    {.type = "APP[@HOST]", .group = rows});
        losses_.describe(command, rows);
        command.add("--min-fits",
                    min_fits_,
                    "Apps with room for fewer further instances are findings (default: for less "
                    "than a tenth more)",
                    {.type = "N", .group = rows, .check = [](const std::string& text) {
                         return check_whole_number(text, 1, 1'000'000);
                     }});
        command.add_flag(
            "--forecast",
            is_forecast_asked_,
            "Also in how many days resources, quotas and apps run out, by the samples of "
            "earlier runs",
            {.group = rows});
        command.add("--by",
                    shown_.by,
                    "Also a row per value of an attribute, of two of them (rack,kind), or of "
                    "@hostname, @region, @zone, @state or @class; repeatable",
                    {.type = "ATTRIBUTE", .group = rows});
    }

    void configure(const Settings& settings, const std::string& target) override {
        view_.configure();
        shown_.apps.most = static_cast<std::size_t>(top_);
        plans_.configure();
        losses_.configure();
        offers_.configure(source_.reads_files(), view_.offered() == OfferedResources::are_busy);
        const std::size_t at = explain_.find('@');
        shown_.explained_app = explain_.substr(0, at);
        shown_.explained_host = at == std::string::npos ? std::string() : explain_.substr(at + 1);
        source_.configure(settings, target);
        if (!source_.may_know_apps() && !explain_.empty()) {
            throw UsageError(
                "--explain is about an app of a Marathon; name it by "
                "--marathon-url");
        }
        if (!source_.may_know_apps() && plans_.is_given()) {
            throw UsageError(
                "--plan, --add, --remove-ok and --compact are about the apps of a Marathon; name "
                "it "
                "by --marathon-url");
        }
    }

    Report run(Context& context) override {
        const std::unique_ptr<CaseWriter> save = source_.begin_case();
        auto facts =
            std::make_shared<ClusterFacts>(source_.gather(view_.offered(), context, save.get()));
        facts->workload.settings.accepted = view_.default_accepted();
        std::optional<OfferLook> offers;
        if (offers_.is_given()) {
            offers = offers_.look(source_.mesos(), *facts, view_.choice().role, context, [&] {
                return source_.read_books(context);
            });
        }
        AgentStateRules rules = view_.states();
        rules.now = source_.judged_at(*facts, context);
        if (save) {
            save->finish(rules.now);
        }
        LeftoversResult result{.ineffective_windows = judge_agents(*facts, rules)};
        if (offers) {
            judge_agents(offers->after, rules);
        }
        RoleChoice choice = view_.choice();
        if (choice.role.empty()) {
            choice.role = facts->workload.settings.role;
        }
        result.view =
            std::make_shared<RoleView>(view_by_role(facts->cluster, facts->flags, choice));
        result.leftovers = sum_leftovers(facts->cluster, *result.view);
        if (!facts->workload.is_known && !explain_.empty()) {
            throw UsageError("--explain: no apps of a Marathon were read");
        }
        for (const std::string& attribute : shown_.by) {
            if (const auto missing = find_missing_group(facts->cluster, attribute)) {
                throw UsageError("--by: " + *missing);
            }
        }
        if (min_fits_ > 0) {
            result.min_fits = min_fits_;
        }
        std::vector<Instances> placed;
        if (facts->workload.is_known) {
            placed = collect_instances(facts->cluster, facts->workload);
            result.fits = compute_fits(*facts, facts->workload, placed);
            losses_.judge(*facts, placed, result);
            if (result.fits->has_mix) {
                set_stranded(facts->cluster, *result.view, result.fits->fits_any, result.leftovers);
                set_expected(facts->cluster, *result.view, *result.fits, result.leftovers);
            }
        }
        result.fragmentation =
            measure_fragmentation(facts->cluster,
                                  *result.view,
                                  result.fits && result.fits->has_mix ? &*result.fits : nullptr);
        if (plans_.is_given() && !facts->workload.is_known) {
            throw UsageError(
                "--plan, --add, --remove-ok and --compact: no apps of a Marathon were read");
        }
        if (result.fits) {
            result.restarts = judge_rolling(*facts, facts->workload, placed, *result.fits);
        }
        result.facts = facts;
        Report report = report_leftovers(result, shown_);
        if (result.fits) {
            report_rolling(facts->workload, result.restarts, report);
        }
        if (is_forecast_asked_) {
            add_forecast(context, rules.now, report);
        }
        auto left_out = codes_left_out(*facts);
        const std::size_t most = shown_.agents ? facts->cluster.agents.size() : 20;
        if (!offers || !report_offers(*facts, *offers, most, report)) {
            left_out.emplace_back("reconcile_unexplained");
        }
        report.looked_at = [left_out = std::move(left_out)](const Finding& finding) {
            return std::ranges::find(left_out, finding.code) == left_out.end();
        };
        plans_.answer(*facts, context.stop, report);
        return report;
    }

 private:
    static void add_forecast(const Context& context, WallTime now, Report& report) {
        if (context.store != nullptr) {
            report_forecast(*context.store, context.run.target, now, report);
            return;
        }
        report.problems.push_back({.code = "no_history",
                                   .message = "--forecast is made from the samples of earlier "
                                              "runs, and this run goes without a store",
                                   .subject = "forecast"});
    }

    /// Findings that this run could not make, so that those of earlier ones stay.
    [[nodiscard]] std::vector<std::string_view> codes_left_out(const ClusterFacts& facts) const {
        std::vector<std::string_view> codes = losses_.codes_left_out(facts.workload.is_known);
        codes.emplace_back("plan_infeasible");
        if (!is_forecast_asked_) {
            codes.emplace_back("eta_short");
        }
        if (!facts.workload.is_known) {
            codes.insert(codes.end(),
                         {"app_stuck",
                          "app_no_room",
                          "app_low_headroom",
                          "rolling_blocked",
                          "fragmentation_high",
                          "stranded_high",
                          "constraint_unsupported"});
        }
        return codes;
    }

    ViewRequest view_{};
    LeftoversShown shown_{};
    SourceRequest source_{};
    std::int64_t top_ = 20;
    PlanRequest plans_{};
    OfferRequest offers_{};
    bool is_forecast_asked_ = false;
    std::string explain_{};
    LossRequest losses_{};
    std::int64_t min_fits_ = 0;  // 0: not given
};

}  // namespace

std::unique_ptr<Job> make_leftovers_job() {
    return std::make_unique<LeftoversJob>();
}

JobEntry leftovers_job_entry() {
    return {.info = info, .make = make_leftovers_job};
}

}  // namespace caretaker
