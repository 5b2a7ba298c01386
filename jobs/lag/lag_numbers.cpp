// SPDX-License-Identifier: Apache-2.0
// A large cluster has a million partitions: the finer gauges are the caller's choice.
#include "jobs/lag/lag_numbers.hpp"

#include "common/base/metric_builders.hpp"
#include "jobs/lag/lag_sla.hpp"
#include "jobs/lag/lag_verdict.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// Collects gauges and samples; what is not known adds none.
class Numbers {
 public:
    Numbers(Report& report, std::vector<Label> labels)
        : report_(report), labels_(std::move(labels)) {}

    void gauge(std::string_view name, std::optional<std::int64_t> value) {
        if (value) {
            Metric metric = make_gauge(std::string(name), static_cast<double>(*value));
            metric.labels = labels_;
            report_.metrics.push_back(std::move(metric));
        }
    }

    void sample(std::string_view series, std::optional<std::int64_t> value) {
        if (value) {
            report_.samples.push_back({.series = std::string(series),
                                       .labels = labels_,
                                       .value = static_cast<double>(*value)});
        }
    }

 private:
    Report& report_;
    std::vector<Label> labels_;
};

/// 0 OK, 1 WARN, 2 ERR, 3 could not be read; none for groups that are not judged. 0 for expired
/// ones as well: a gauge keeps its last value, and nobody waits for them any more.
std::optional<std::int64_t> status_number(GroupStatus status) {
    switch (status) {
        case GroupStatus::ok:
        case GroupStatus::expired:
            return 0;
        case GroupStatus::warn:
            return 1;
        case GroupStatus::err:
            return 2;
        case GroupStatus::unknown:
        case GroupStatus::not_found:
            return 3;
        default:
            return std::nullopt;
    }
}

std::optional<std::int64_t> known_time(std::int32_t time_lag_ms) {
    return time_lag_ms >= 0 ? std::optional<std::int64_t>(time_lag_ms) : std::nullopt;
}

void add_group_numbers(const ClusterLag& cluster, const GroupLag& group, Report& report) {
    Numbers numbers(report, {{"group", group.group.name}});
    numbers.gauge("status", status_number(group.verdict.status));
    if (group.reading != GroupReading::measured || group.verdict.status == GroupStatus::expired) {
        return;
    }
    const LagTotals& totals = group.totals;
    const auto time_lag_ms = known_time(judge_part(group.verdict.partitions).time_lag_ms);
    numbers.gauge("time_lag_ms_max", time_lag_ms);
    numbers.gauge("lag", totals.sum.lag);
    numbers.gauge("lag_max", totals.lag_max);
    numbers.gauge("backlog", totals.sum.backlog);
    numbers.gauge("lost", totals.sum.lost);
    numbers.gauge("partitions", totals.partitions);
    numbers.gauge("no_commit", totals.no_commit);
    const std::vector<std::int64_t> late = count_late(group.partitions, cluster.facts);
    for (std::size_t i = 0; i < late.size(); ++i) {
        numbers.gauge("late_" + sla_word(cluster.facts.sla[i].limit), late[i]);
    }
    if (group.group.members_known) {
        numbers.gauge("members", std::ssize(group.group.members));
    }
    if (totals.lag_max) {
        numbers.sample("lag.lag", totals.sum.lag);
        numbers.sample("lag.lag_max", totals.lag_max);
        numbers.sample("lag.partitions_behind", totals.behind);
        numbers.sample("lag.time_ms_max", time_lag_ms);
    }
}

void add_topic_numbers(const ClusterLag& cluster, const GroupLag& group, Report& report) {
    for (const TopicLag& topic : sum_by_topic(group, cluster.facts.logs)) {
        Numbers numbers(
            report,
            {{"group", group.group.name}, {"topic", cluster.facts.names.name(topic.topic)}});
        numbers.gauge("time_lag_ms_max",
                      known_time(judge_part(verdicts_of(group, topic)).time_lag_ms));
        numbers.gauge("lag", topic.totals.sum.lag);
        numbers.gauge("lag_max", topic.totals.lag_max);
    }
}

void add_partition_numbers(const ClusterLag& cluster, const GroupLag& group, Report& report) {
    for (std::size_t i = 0; i < group.partitions.size(); ++i) {
        const PartitionLag& row = group.partitions[i];
        Numbers numbers(
            report,
            {{"group", group.group.name},
             {"topic", cluster.topic_name(row.log)},
             {"partition", std::to_string(cluster.facts.logs.partition(row.log).partition)}});
        numbers.gauge("lag", compute_lag(row.committed, cluster.facts.logs.offsets(row.log)).lag);
        numbers.gauge("time_lag_ms", known_time(group.verdict.at(i).time_lag_ms));
    }
}

/// A gauge keeps its last value at the server: one that is gone must not stay OK there.
void add_gone_groups(const std::vector<std::string>& gone, Report& report) {
    for (const std::string& name : gone) {
        Numbers(report, {{"group", name}}).gauge("status", status_number(GroupStatus::not_found));
    }
}

}  // namespace

void add_lag_numbers(const ClusterLag& cluster, const LagMetricOptions& options, Report& report) {
    for (const GroupLag& group : cluster.groups) {
        add_group_numbers(cluster, group, report);
        if (group.verdict.status == GroupStatus::expired) {
            continue;
        }
        if (options.topics) {
            add_topic_numbers(cluster, group, report);
        }
        if (options.partitions) {
            add_partition_numbers(cluster, group, report);
        }
    }
    add_gone_groups(options.gone, report);
    Numbers totals(report, {});
    totals.gauge("groups",
                 std::ranges::count(cluster.groups, GroupReading::measured, &GroupLag::reading));
    totals.gauge("partitions", cluster.totals.partitions);
    totals.gauge("failed", report.items_failed);
}

}  // namespace caretaker
