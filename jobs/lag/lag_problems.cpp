// SPDX-License-Identifier: Apache-2.0
// Causes and remedies of what could not be read.
#include "jobs/lag/lag_problems.hpp"

#include "jobs/lag/lag_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

namespace {

std::string code_for(std::string_view thing, KafkaFailure failure) {
    return fmt::format("{}_{}", thing, to_string(failure));
}

std::string broker_name(const LagFacts& facts, std::int32_t id) {
    const auto broker = std::ranges::find(facts.brokers, id, &KafkaBroker::id);
    return broker == facts.brokers.end()
               ? fmt::format("broker {}", id)
               : fmt::format("broker {} ({}:{})", id, broker->host, broker->port);
}

void add_topic_problems(const LagFacts& facts, std::vector<Problem>& problems) {
    for (const auto& [name, failure] : facts.unreadable_topics) {
        std::string code = code_for("topic", failure);
        std::string_view cause = "its metadata cannot be read; look at the brokers' logs";
        if (failure == KafkaFailure::unknown_topic) {
            code = "topic_not_found";
            cause =
                "there is no such topic, or nothing allows us to see it; check the name and "
                "the ACLs (Describe on the topic)";
        } else if (failure == KafkaFailure::forbidden) {
            cause = "the ACLs forbid it; grant Describe on the topic";
        }
        problems.push_back({.code = std::move(code),
                            .message = fmt::format("looking up topic {}: {}", name, cause),
                            .subject = "topic " + name,
                            .denied = failure == KafkaFailure::forbidden});
    }
}

std::string_view listing_advice(KafkaFailure failure) {
    switch (failure) {
        case KafkaFailure::forbidden:
            return "grant Describe on the cluster, or name groups with --group";
        case KafkaFailure::unsupported:
            return "name groups with --group";
        case KafkaFailure::no_leader:
            return "bring a replica back";
        case KafkaFailure::loading:
            return "its groups are missing from this run; the next one should see them";
        default:
            return "its groups are missing from this run; is the broker up?";
    }
}

void add_listing_problems(const LagFacts& facts, std::vector<Problem>& problems) {
    for (const KafkaProblem& problem : facts.listing_problems) {
        const bool is_of_broker = problem.broker >= 0;
        problems.push_back(
            {.code = code_for("listing", problem.failure),
             .message = fmt::format(
                 "listing groups: {}{}; {}",
                 is_of_broker ? broker_name(facts, problem.broker) + ": " : std::string(),
                 problem.text,
                 listing_advice(problem.failure)),
             .subject = is_of_broker ? fmt::format("broker {}", problem.broker) : "groups",
             .denied = problem.failure == KafkaFailure::forbidden});
    }
}

std::string_view group_advice(KafkaFailure failure) {
    switch (failure) {
        case KafkaFailure::forbidden:
            return "grant Describe on the group";
        case KafkaFailure::timed_out:
            return "is the broker that coordinates it up?";
        case KafkaFailure::no_leader:
            return "its partition of __consumer_offsets has no leader; bring a replica back";
        case KafkaFailure::loading:
            return "its coordinator is moving; the next run should see it";
        default:
            return "look at the log of its coordinator";
    }
}

/// Nothing that a cluster does not offer can be missed, as long as the offsets are there.
bool is_missed(const GroupLag& group) {
    return group.problem && (group.reading == GroupReading::unread ||
                             group.problem->failure != KafkaFailure::unsupported);
}

/// Groups that share a cause: what to say of them, and who they are, in the order of names.
struct GroupCause {
    KafkaFailure failure{};
    std::string text{};

    friend auto operator<=>(const GroupCause&, const GroupCause&) = default;
};

using GroupCauses = std::map<GroupCause, std::vector<std::string_view>>;

void add_group_causes(const GroupCauses& causes, std::vector<Problem>& problems) {
    constexpr std::size_t examples = 3;
    for (const auto& [cause, names] : causes) {
        const bool is_one = names.size() == 1;
        const auto shown = std::span(names).first(std::min(examples, names.size()));
        const std::string which = is_one ? fmt::format("group {}", names.front())
                                         : format_count(std::ssize(names), "group");
        problems.push_back(
            {.code = code_for("group", cause.failure),
             .message = fmt::format(
                 "reading {}: {}; {}{}",
                 which,
                 cause.text,
                 group_advice(cause.failure),
                 is_one ? std::string() : fmt::format(", e.g. {}", fmt::join(shown, ", "))),
             .subject = is_one ? which : std::string("groups"),
             .denied = cause.failure == KafkaFailure::forbidden});
    }
}

void add_group_problem(const GroupLag& group, GroupCauses& causes, std::vector<Problem>& problems) {
    const std::string& name = group.group.name;
    const std::string subject = "group " + name;
    if (group.remembered) {
        return;  // told of all of them at once
    }
    if (group.reading == GroupReading::not_found) {
        problems.push_back(
            {.code = "group_not_found",
             .message = fmt::format("reading group {}: it does not exist, no broker lists it and "
                                    "nothing is committed; check the name",
                                    name),
             .subject = subject});
    } else if (is_missed(group)) {
        causes[{group.problem->failure, group.problem->text}].push_back(name);
    } else if (group.reading == GroupReading::unread) {
        problems.push_back(
            {.code = "group_unknown",
             .message = fmt::format("reading group {}: nothing is committed, and as not all groups "
                                    "could be listed it is not known whether it exists",
                                    name),
             .subject = subject});
    }
}

/// Where a listing problem says why: the groups that earlier runs saw.
void add_unlisted_groups(const ClusterLag& cluster, std::vector<Problem>& problems) {
    const auto first = std::ranges::find(cluster.groups, true, &GroupLag::remembered);
    if (first == cluster.groups.end() || cluster.facts.listing_problems.empty()) {
        return;
    }
    const auto count = std::ranges::count(cluster.groups, true, &GroupLag::remembered);
    problems.push_back(
        {.code = "groups_unlisted",
         .message = fmt::format("listing groups: {} that earlier runs saw {} not listed, first {}; "
                                "as not all groups could be listed they are unknown, not gone",
                                format_count(count, "group"),
                                count == 1 ? "is" : "are",
                                first->group.name),
         .subject = "groups",
         .denied =
             std::ranges::all_of(cluster.facts.listing_problems, [](const KafkaProblem& problem) {
                 return problem.failure == KafkaFailure::forbidden;
             })});
}

/// Partitions that share a cause.
struct PartitionCause {
    KafkaFailure failure{};
    std::int32_t broker = -1;  // only where the broker is the cause

    friend auto operator<=>(const PartitionCause&, const PartitionCause&) = default;
};

struct PartitionCount {
    std::int64_t partitions = 0;
    std::int64_t topics = 0;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};

using PartitionCounts = std::map<PartitionCause, PartitionCount>;

/// To be called in the order of the LogTable.
void count_partition(PartitionCounts& counts,
                     const PartitionCause& cause,
                     std::uint32_t place,
                     const LogTable& logs) {
    PartitionCount& count = counts[cause];
    if (count.partitions == 0) {
        count.first = place;
    }
    if (count.partitions == 0 || logs.partition(count.last).topic != logs.partition(place).topic) {
        ++count.topics;
    }
    ++count.partitions;
    count.last = place;
}

std::string partition_cause(const LagFacts& facts, const PartitionCause& cause) {
    switch (cause.failure) {
        case KafkaFailure::no_leader:
            return "there is no leader; bring a replica back";
        case KafkaFailure::forbidden:
            return "the ACLs forbid it; grant Describe on the topic";
        case KafkaFailure::timed_out:
            return broker_name(facts, cause.broker) + " did not answer in time; is it up?";
        case KafkaFailure::unsupported:
            return "the broker is too old for this request";
        case KafkaFailure::loading:
            return "the leader is moving; the next run should see them";
        default:
            return "the broker answered with an error; look at its log";
    }
}

bool is_named(const ClusterLag& cluster, std::uint32_t place) {
    return std::ranges::binary_search(cluster.facts.named_topics,
                                      cluster.facts.logs.partition(place).topic);
}

/// By place: whether it is forbidden, and a group that does not pass over it reads it.
std::vector<bool> find_missed_forbidden(const ClusterLag& cluster) {
    const LogTable& logs = cluster.facts.logs;
    std::vector<bool> missed(logs.partitions().size());
    for (const GroupLag& group : cluster.groups) {
        for (const PartitionLag& row : group.partitions) {
            if (logs.offsets(row.log).failure == KafkaFailure::forbidden &&
                (!group.passes_over_forbidden || is_named(cluster, row.log))) {
                missed[row.log] = true;
            }
        }
    }
    return missed;
}

void add_partition_problems(const ClusterLag& cluster, std::vector<Problem>& problems) {
    const LogTable& logs = cluster.facts.logs;
    const std::vector<bool> missed = find_missed_forbidden(cluster);
    PartitionCounts counts;
    for (std::uint32_t place = 0; place < logs.partitions().size(); ++place) {
        const LogOffsets& log = logs.offsets(place);
        const bool is_silent = log.failure == KafkaFailure::none && (log.start < 0 || log.end < 0);
        const KafkaFailure failure = is_silent ? KafkaFailure::failed : log.failure;
        if (is_unread(failure) && (failure != KafkaFailure::forbidden || missed[place])) {
            const bool by_broker = failure == KafkaFailure::timed_out;
            count_partition(counts, {failure, by_broker ? logs.leader(place) : -1}, place, logs);
        }
    }
    for (const auto& [cause, count] : counts) {
        problems.push_back(
            {.code = code_for("partition", cause.failure),
             .message = fmt::format("reading the log offsets of {} of {}, first {}: {}",
                                    format_count(count.partitions, "partition"),
                                    format_count(count.topics, "topic"),
                                    format_partition(cluster, count.first),
                                    partition_cause(cluster.facts, cause)),
             .subject = cause.broker >= 0 ? fmt::format("broker {}", cause.broker)
                                          : format_partition(cluster, count.first),
             .denied = cause.failure == KafkaFailure::forbidden});
    }
}

/// Commits that a coordinator refused one by one, e.g. on topics we may not describe.
void add_commit_problems(const ClusterLag& cluster,
                         const GroupLag& group,
                         std::vector<Problem>& problems) {
    PartitionCounts counts;
    for (const PartitionLag& row : group.partitions) {
        const bool is_passed_over = row.commit_failure == KafkaFailure::forbidden &&
                                    group.passes_over_forbidden && !is_named(cluster, row.log);
        if (row.committed < 0 && is_unread(row.commit_failure) && !is_passed_over) {
            count_partition(counts, {.failure = row.commit_failure}, row.log, cluster.facts.logs);
        }
    }
    for (const auto& [cause, count] : counts) {
        problems.push_back(
            {.code = code_for("commit", cause.failure),
             .message = fmt::format("reading the commits of group {} on {} of {}, first {}: {}",
                                    group.group.name,
                                    format_count(count.partitions, "partition"),
                                    format_count(count.topics, "topic"),
                                    format_partition(cluster, count.first),
                                    partition_cause(cluster.facts, cause)),
             .subject = "group " + group.group.name,
             .denied = cause.failure == KafkaFailure::forbidden});
    }
}

std::string_view record_cause(KafkaFailure failure) {
    switch (failure) {
        case KafkaFailure::forbidden:
            return "the ACLs forbid it; grant Read on the topic";
        case KafkaFailure::timed_out:
            return "no record came in time; is the leader up, and is there a record, and not only "
                   "the end of a transaction?";
        case KafkaFailure::unsupported:
            return "it has no timestamp; it is older than Kafka 0.10";
        case KafkaFailure::no_leader:
            return "there is no leader; bring a replica back";
        default:
            return "the broker answered with an error; look at its log";
    }
}

/// Records whose time was asked for.
void add_record_problems(const ClusterLag& cluster, std::vector<Problem>& problems) {
    for (const std::string& partition : cluster.facts.unread_named) {
        problems.push_back({.code = "record_unknown",
                            .message = fmt::format("reading the record that is next on {}: no "
                                                   "group of this run reads it, or there is no "
                                                   "such partition; check --exact and the filters",
                                                   partition),
                            .subject = partition});
    }
    for (const auto& [where, time] : cluster.facts.record_times) {
        if (time.failure == KafkaFailure::none) {
            continue;
        }
        const std::string partition = format_partition(cluster, where.first);
        problems.push_back({.code = code_for("record", time.failure),
                            .message = fmt::format("reading the time of record {} of {}: {}",
                                                   where.second,
                                                   partition,
                                                   record_cause(time.failure)),
                            .subject = partition,
                            .denied = time.failure == KafkaFailure::forbidden});
    }
}

}  // namespace

std::vector<Problem> find_problems(const ClusterLag& cluster) {
    std::vector<Problem> problems;
    add_topic_problems(cluster.facts, problems);
    const bool listing_matters =
        cluster.facts.listed || std::ranges::any_of(cluster.groups, [](const GroupLag& group) {
            return group.reading == GroupReading::unread;
        });
    if (listing_matters) {
        add_listing_problems(cluster.facts, problems);
        add_unlisted_groups(cluster, problems);
    }
    GroupCauses causes;
    for (const GroupLag& group : cluster.groups) {
        add_group_problem(group, causes, problems);
        add_commit_problems(cluster, group, problems);
    }
    add_group_causes(causes, problems);
    add_partition_problems(cluster, problems);
    add_record_problems(cluster, problems);
    return problems;
}

}  // namespace caretaker
