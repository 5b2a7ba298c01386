// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_verdict_findings.hpp"

#include "common/text/number.hpp"
#include "jobs/lag/lag_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace caretaker {

namespace {

/// How a status is told.
struct Story {
    LagStatus status{};
    std::string_view code{};
    Severity severity{};
    std::string_view what{};  // the group …
    std::string_view advice{};
};

constexpr std::array stories{
    Story{LagStatus::stop,
          "consumer_stopped",
          Severity::high,
          "commits nothing any more on",
          "is the consumer running?"},
    Story{LagStatus::stall,
          "consumer_stalled",
          Severity::high,
          "is alive but makes no progress on",
          "look into the consumer's log: it may hang on one record"},
    Story{LagStatus::rewind,
          "consumer_rewound",
          Severity::high,
          "went back on",
          "it reads again what it had read, unless its offsets were reset on purpose"},
    Story{LagStatus::warn,
          "consumer_slow",
          Severity::warn,
          "commits but does not catch up on",
          "it needs more consumers, or a faster one"},
    Story{LagStatus::no_commit,
          "never_committed",
          Severity::warn,
          "owns but has never committed on",
          "does the consumer commit at all?"},
};

/// The partitions of a topic with one status.
struct Told {
    std::int64_t partitions = 0;
    std::int64_t lag = 0;
    std::int64_t most = -1;
    std::uint32_t most_at = 0;
};

Told count_told(const ClusterLag& cluster,
                const GroupLag& group,
                std::size_t first,
                std::size_t last,
                LagStatus status) {
    Told told;
    for (std::size_t i = first; i < last; ++i) {
        const PartitionVerdict& verdict = group.verdict.partitions[i];
        if (verdict.status != status || verdict.weight == GroupStatus::ok) {
            continue;
        }
        const PartitionLag& row = group.partitions[i];
        const auto lag =
            compute_lag(row.committed, cluster.facts.logs.offsets(row.log)).lag.value_or(0);
        ++told.partitions;
        told.lag += std::min(lag, std::numeric_limits<std::int64_t>::max() - told.lag);
        if (lag > told.most) {
            told.most = lag;
            told.most_at = row.log;
        }
    }
    return told;
}

Finding make_finding(const ClusterLag& cluster,
                     const GroupLag& group,
                     const std::string& topic,
                     const Story& story,
                     const Told& told) {
    const std::string where = told.partitions == 1
                                  ? format_partition(cluster, told.most_at)
                                  : fmt::format("{} of {}, among them {}",
                                                format_count(told.partitions, "partition"),
                                                topic,
                                                format_partition(cluster, told.most_at));
    const std::string lag = story.status == LagStatus::no_commit
                                ? std::string()
                                : fmt::format(" (lag {})", format_number(told.lag, true));
    return {.code = std::string(story.code),
            .subject = fmt::format("group {} topic {}", group.group.name, topic),
            .message = fmt::format(
                "group {} {} {}{}; {}", group.group.name, story.what, where, lag, story.advice),
            .severity = story.severity,
            .data = {{"group", group.group.name},
                     {"topic", topic},
                     {"status", std::string(to_string(story.status))},
                     {"partitions", std::to_string(told.partitions)},
                     {"lag", std::to_string(told.lag)}}};
}

}  // namespace

void add_verdict_findings(const ClusterLag& cluster,
                          const GroupLag& group,
                          std::vector<Finding>& findings) {
    const GroupVerdict& verdict = group.verdict;
    if (verdict.status != GroupStatus::err && verdict.status != GroupStatus::warn) {
        return;
    }
    std::size_t first = 0;
    for (const TopicLag& topic : sum_by_topic(group, cluster.facts.logs)) {
        const std::size_t last = first + topic.partitions.size();
        for (const Story& story : stories) {
            const Told told = count_told(cluster, group, first, last, story.status);
            if (told.partitions > 0) {
                findings.push_back(make_finding(
                    cluster, group, cluster.facts.names.name(topic.topic), story, told));
            }
        }
        first = last;
    }
}

}  // namespace caretaker
