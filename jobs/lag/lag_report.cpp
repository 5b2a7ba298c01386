// SPDX-License-Identifier: Apache-2.0
// What of a cluster's lag is told to whom.
#include "jobs/lag/lag_report.hpp"

#include "common/text/number.hpp"
#include "jobs/lag/lag_problems.hpp"
#include "jobs/lag/lag_table.hpp"
#include "jobs/lag/lag_verdict.hpp"
#include "jobs/lag/lag_verdict_findings.hpp"
#include "jobs/lag/lag_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

std::int64_t count_groups(const ClusterLag& cluster, GroupReading reading) {
    return std::ranges::count(cluster.groups, reading, &GroupLag::reading);
}

std::int64_t count_failed_groups(const ClusterLag& cluster) {
    return count_groups(cluster, GroupReading::unread) +
           count_groups(cluster, GroupReading::not_found);
}

std::string describe_lag(const ClusterLag& cluster) {
    const LagTotals& totals = cluster.totals;
    if (totals.partitions == 0) {
        return {};
    }
    if (!totals.sum.lag) {
        return ", lag unknown";
    }
    std::string words = ", lag " + format_number(*totals.sum.lag, true);
    if (cluster.worst && *totals.lag_max > 0) {
        words += fmt::format(", largest {} {} ({})",
                             cluster.groups[*cluster.worst].group.name,
                             format_partition(cluster, totals.max_at),
                             format_number(*totals.lag_max, true));
    }
    return words;
}

/// " (a t/0 STOP, b t/3 LOST, …)": groups of status ERR with their worst partitions, by name.
std::string name_culprits(const ClusterLag& cluster) {
    constexpr int most = 3;
    std::string words;
    int named = 0;
    for (const GroupLag& group : cluster.groups) {
        const GroupVerdict& verdict = group.verdict;
        if (verdict.status != GroupStatus::err || !verdict.worst) {
            continue;
        }
        if (++named > most) {
            return words + ", …)";
        }
        words += fmt::format("{}{} {} {}",
                             words.empty() ? " (" : ", ",
                             group.group.name,
                             format_partition(cluster, group.partitions[*verdict.worst].log),
                             to_string(verdict.partitions[*verdict.worst].status));
    }
    return words.empty() ? words : words + ")";
}

/// ", 2 ERR (a t/0 STOP, b t/3 LOST), 1 WARN": what is not fine.
std::string describe_statuses(const ClusterLag& cluster) {
    std::string words;
    for (const GroupStatus status : {GroupStatus::err, GroupStatus::warn, GroupStatus::expired}) {
        const auto count = std::ranges::count_if(cluster.groups, [status](const GroupLag& group) {
            return group.verdict.status == status;
        });
        if (count > 0) {
            words += fmt::format(", {} {}", count, to_string(status));
            words += status == GroupStatus::err ? name_culprits(cluster) : "";
        }
    }
    return words;
}

std::string summarize(const ClusterLag& cluster) {
    if (cluster.groups.empty()) {
        return cluster.facts.listing_problems.empty() ? "no consumer groups found"
                                                      : "the groups could not be listed";
    }
    std::string summary =
        fmt::format("{}{}, {}{}",
                    format_count(count_groups(cluster, GroupReading::measured), "group"),
                    describe_statuses(cluster),
                    format_count(cluster.totals.partitions, "partition"),
                    describe_lag(cluster));
    if (const auto groups = count_failed_groups(cluster); groups > 0) {
        summary += fmt::format(", {} not read", format_count(groups, "group"));
    }
    if (cluster.totals.unread > 0) {
        summary += fmt::format(", {} not read", format_count(cluster.totals.unread, "partition"));
    }
    if (const auto groups = count_groups(cluster, GroupReading::not_measured); groups > 0) {
        summary += fmt::format(", {} without offsets", format_count(groups, "group"));
    }
    return summary;
}

/// The partitions of a topic on which one of the values of Lag is above 0.
struct Affected {
    std::int64_t partitions = 0;
    std::int64_t most = 0;
    std::uint32_t most_at = 0;
};

Affected find_affected(const TopicLag& topic,
                       const LogTable& logs,
                       std::optional<std::int64_t> Lag::*value) {
    Affected affected;
    for (const PartitionLag& row : topic.partitions) {
        const Lag lag = compute_lag(row.committed, logs.offsets(row.log));
        const std::int64_t records = (lag.*value).value_or(0);
        affected.partitions += records > 0 ? 1 : 0;
        if (records > affected.most) {
            affected.most = records;
            affected.most_at = row.log;
        }
    }
    return affected;
}

Finding make_finding(std::string_view code,
                     Severity severity,
                     const GroupLag& group,
                     const std::string& topic) {
    return {.code = std::string(code),
            .subject = fmt::format("group {} topic {}", group.group.name, topic),
            .severity = severity,
            .data = {{"group", group.group.name}, {"topic", topic}}};
}

Finding lost_finding(const ClusterLag& cluster, const GroupLag& group, const TopicLag& topic) {
    const std::string& name = cluster.facts.names.name(topic.topic);
    const Affected affected = find_affected(topic, cluster.facts.logs, &Lag::lost);
    Finding finding = make_finding("records_lost", Severity::high, group, name);
    finding.message = fmt::format(
        "{} of {} were deleted before group {} read them, most of them ({}) from {}; keep records "
        "longer (retention.ms, retention.bytes) or read faster",
        format_count(*topic.totals.sum.lost, "record"),
        format_count(affected.partitions, "partition"),
        group.group.name,
        format_number(affected.most, true),
        format_partition(cluster, affected.most_at));
    finding.data.push_back({"lost", std::to_string(*topic.totals.sum.lost)});
    finding.data.push_back({"partitions", std::to_string(affected.partitions)});
    return finding;
}

Finding ahead_finding(const ClusterLag& cluster, const GroupLag& group, const TopicLag& topic) {
    const std::string& name = cluster.facts.names.name(topic.topic);
    const Affected affected = find_affected(topic, cluster.facts.logs, &Lag::ahead);
    Finding finding = make_finding("commit_ahead", Severity::low, group, name);
    finding.message = fmt::format(
        "group {} committed beyond the end of {}, furthest (by {}) on {}: the topic was recreated, "
        "or an unclean leader election cut its log; reset the group's offsets if it stands still",
        group.group.name,
        format_count(affected.partitions, "partition"),
        format_count(affected.most, "record"),
        format_partition(cluster, affected.most_at));
    finding.data.push_back({"ahead", std::to_string(*topic.totals.sum.ahead)});
    finding.data.push_back({"partitions", std::to_string(affected.partitions)});
    return finding;
}

void add_findings(const ClusterLag& cluster,
                  const GroupLag& group,
                  std::vector<Finding>& findings) {
    const Lag& sum = group.totals.sum;
    if (group.verdict.status == GroupStatus::expired) {
        return;
    }
    if (sum.lost.value_or(0) == 0 && sum.ahead.value_or(0) == 0) {
        return;
    }
    for (const TopicLag& topic : sum_by_topic(group, cluster.facts.logs)) {
        if (topic.totals.sum.lost.value_or(0) > 0) {
            findings.push_back(lost_finding(cluster, group, topic));
        }
        // In one run alone it may be a race between two requests.
        const bool is_ahead =
            std::ranges::find(verdicts_of(group, topic),
                              LagStatus::ahead,
                              &PartitionVerdict::status) != verdicts_of(group, topic).end();
        if (is_ahead && topic.totals.sum.ahead.value_or(0) > 0) {
            findings.push_back(ahead_finding(cluster, group, topic));
        }
    }
}

}  // namespace

Report report_lag(ClusterLag lag, const LagViewOptions& shown, const LagMetricOptions& metrics) {
    const auto owned = std::make_shared<const ClusterLag>(std::move(lag));
    const ClusterLag& cluster = *owned;
    Report report;
    report.summary = summarize(cluster);
    LagTable table = make_lag_table(owned, shown);
    if (table.hidden > 0) {
        report.summary += fmt::format(", {} not shown", format_count(table.hidden, "row"));
    }
    report.table = std::move(table.table);
    report.problems = find_problems(cluster);
    for (const GroupLag& group : cluster.groups) {
        add_findings(cluster, group, report.findings);
        add_verdict_findings(cluster, group, report.findings);
    }
    const std::int64_t failed_groups = count_failed_groups(cluster);
    report.items_seen = cluster.totals.partitions + failed_groups;
    report.items_failed = cluster.totals.unread + failed_groups;
    add_lag_numbers(cluster, metrics, report);
    return report;
}

}  // namespace caretaker
