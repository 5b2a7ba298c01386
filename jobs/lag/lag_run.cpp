// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_run.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "common/text/number.hpp"
#include "jobs/lag/lag_gather.hpp"
#include "jobs/lag/lag_history.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_report.hpp"
#include "jobs/lag/lag_trend.hpp"
#include "jobs/lag/lag_verdict.hpp"
#include "jobs/lag/lag_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// A run that could not read all it was asked for knows less than a warning.
NagiosState state_for_plugin(GroupStatus worst, bool partial) {
    switch (worst) {
        case GroupStatus::err:
            return NagiosState::critical;
        case GroupStatus::unknown:
        case GroupStatus::not_found:
            return NagiosState::unknown;
        case GroupStatus::warn:
            return partial ? NagiosState::unknown : NagiosState::warning;
        default:
            return partial ? NagiosState::unknown : NagiosState::ok;
    }
}

/// The groups about which this run has no verdict, so that what was found of them stands.
std::set<std::string> find_unjudged(const ClusterLag& lag, const HistoryOutcome& outcome) {
    std::set<std::string> groups;
    for (const GroupLag& group : lag.groups) {
        if (outcome.clock_went_back || group.verdict.status == GroupStatus::unknown) {
            groups.insert(group.group.name);
        }
    }
    return groups;
}

std::set<std::string> names_of_groups(const ClusterLag& lag) {
    std::set<std::string> names;
    for (const GroupLag& group : lag.groups) {
        names.insert(group.group.name);
    }
    return names;
}

bool is_about(const Finding& finding, const std::set<std::string>& groups) {
    return std::ranges::any_of(finding.data, [&](const Label& label) {
        return label.key == "group" && groups.contains(label.value);
    });
}

Problem another_cluster(const std::string& before, const std::string& now) {
    return {.code = "another_cluster",
            .message = fmt::format(
                "this is the cluster {}, and runs of the last hour saw {} under the name of this "
                "target: its groups are not judged, and nothing is kept of them; name a target of "
                "its own with --target, or run again in an hour if the cluster was replaced",
                now,
                before),
            .subject = "cluster"};
}

Problem groups_vanished() {
    return {.code = "groups_vanished",
            .message =
                "the cluster has no group any more, neither in its lists nor by name, although "
                "runs of the last hour saw some: was it emptied or replaced?",
            .subject = "groups"};
}

/// Whether nothing is known of any group because no broker would list them.
bool is_nothing_listed(const ClusterLag& lag) {
    const LagFacts& facts = lag.facts;
    const auto unlisted = std::ranges::count_if(
        facts.listing_problems,
        [](const KafkaProblem& problem) { return problem.failure != KafkaFailure::no_leader; });
    return facts.listed && lag.groups.empty() && unlisted > 0 &&
           unlisted >= std::ssize(facts.brokers);
}

/// Throws where that is because no broker answered.
void check_any_answered(const ClusterLag& lag) {
    const std::vector<KafkaProblem>& problems = lag.facts.listing_problems;
    const bool all_silent =
        is_nothing_listed(lag) && std::ranges::all_of(problems, [](const KafkaProblem& problem) {
            return problem.failure == KafkaFailure::timed_out;
        });
    if (all_silent) {
        throw RemoteError(RemoteFailure::unreachable,
                          "kafka_unreachable",
                          fmt::format("listing groups: none of {} answered in time, first: {}; are "
                                      "they up, and is request_timeout long enough?",
                                      format_count(std::ssize(lag.facts.brokers), "broker"),
                                      problems.front().text));
    }
}

class LagRun {
 public:
    LagRun(const LagRequest& request, Context& context) : request_(request), context_(context) {}

    LagResult run() {
        LagFacts facts = gather();
        context_.log.debug("read the cluster",
                           {{"brokers", std::to_string(facts.brokers.size())},
                            {"groups", std::to_string(facts.groups.size())},
                            {"partitions", std::to_string(facts.logs.partitions().size())}});
        context_.progress.begin("judging");
        ClusterLag lag = measure_lag(std::move(facts));
        const HistoryOutcome outcome = judge(lag);
        check_any_answered(lag);
        const bool nothing_listed = is_nothing_listed(lag);
        const GroupStatus worst = worst_status(lag.groups);
        std::set<std::string> unjudged = find_unjudged(lag, outcome);
        std::set<std::string> asked = names_of_groups(lag);
        const std::string cluster_id = lag.facts.cluster_id;
        LagViewOptions shown = request_.shown;
        shown.trend = trend();
        LagMetricOptions metrics = request_.metrics;
        metrics.gone = outcome.gone;
        LagResult result{.report = report_lag(std::move(lag), shown, metrics)};
        Report& report = result.report;
        if (nothing_listed &&
            !std::ranges::all_of(report.problems,
                                 &Problem::denied)) {  // a refusal has its own code
            report.outcome = Outcome::failed;
        }
        if (outcome.groups_vanished && request_.all_groups &&
            !request_.selection->narrows_topics()) {
            report.problems.push_back(groups_vanished());
        }
        if (!outcome.other_cluster.empty()) {
            report.problems.push_back(another_cluster(outcome.other_cluster, cluster_id));
        }
        result.plugin_state = state_for_plugin(worst, !report.problems.empty());
        report.looked_at = [selection = request_.selection,
                            unjudged = std::move(unjudged),
                            asked = std::move(asked),
                            is_other = !outcome.other_cluster.empty()](const Finding& finding) {
            return !is_other && selection->covers(finding) && !is_about(finding, unjudged) &&
                   (!selection->narrows_states() || is_about(finding, asked));
        };
        return result;
    }

 private:
    LagFacts gather() const {
        const auto client = context_.connect.kafka(request_.connection, context_.stop);
        LagFacts facts =
            gather_lag(*client, *request_.selection, context_.progress, remembered_groups());
        gather_sla(*client, request_.sla, context_.clock.now(), facts, context_.progress);
        gather_record_times(*client, request_.exact, facts, context_.progress);
        return facts;
    }

    [[nodiscard]] std::vector<std::string> remembered_groups() const {
        if (context_.store == nullptr) {
            return {};
        }
        // Caught because a store out of order must not keep a measurement away.
        try {
            JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
            return find_remembered_groups(memory, request_.rules, context_.clock.now(), scope());
        } catch (const StoreError&) {
            return {};
        }
    }

    /// A run that passes over groups by topic or state cannot say that one is gone.
    [[nodiscard]] HistoryScope scope() const {
        HistoryScope scope{.all_groups = request_.all_groups};
        const bool sees_all = !request_.selection->only_named_groups() &&
                              !request_.selection->narrows_topics() &&
                              !request_.selection->narrows_states();
        if (sees_all) {
            scope.expects = [this](std::string_view name) {
                return request_.selection->wants_group(name);
            };
        }
        return scope;
    }

    /// Nothing where no person sees it.
    [[nodiscard]] std::function<std::string(const GroupLag&)> trend() const {
        if (!context_.audience.person || context_.store == nullptr) {
            return {};
        }
        return [this, now = context_.clock.now()](const GroupLag& group) {
            // Caught because the picture is not worth the run.
            try {
                return draw_lag_trend(
                    *context_.store, context_.run.target, group, now, context_.audience.ascii);
            } catch (const StoreError&) {
                return std::string();
            }
        };
    }

    /// By the store, or without it where it is out of order.
    HistoryOutcome judge(ClusterLag& lag) const {
        const WallTime now = context_.clock.now();
        if (context_.store == nullptr) {
            return judge_by_history(lag, nullptr, request_.rules, now);
        }
        // Caught because a measurement without verdicts is worth more than none.
        try {
            JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
            const HistoryOutcome outcome =
                judge_by_history(lag, &memory, request_.rules, now, scope());
            warn_of(outcome, context_.log);
            return outcome;
        } catch (const StoreError& error) {
            context_.log.warning(
                fmt::format("{}; groups are judged as if this was the first run", error.what()));
            return judge_by_history(lag, nullptr, request_.rules, now);
        }
    }

    static void warn_of(const HistoryOutcome& outcome, Log& log) {
        if (outcome.clock_went_back) {
            log.warning(
                "the clock is not later than at the last run; groups are not judged this time");
        }
        if (outcome.unreadable > 0) {
            log.warning(fmt::format(
                "{} of the entries that earlier runs kept cannot be read and {} begun anew",
                format_number(outcome.unreadable, true),
                outcome.unreadable == 1 ? "is" : "are"));
        }
    }

    const LagRequest& request_;
    Context& context_;
};

}  // namespace

LagResult run_lag(const LagRequest& request, Context& context) {
    return LagRun(request, context).run();
}

}  // namespace caretaker
