// SPDX-License-Identifier: Apache-2.0
// The order and the extent of what is asked of a cluster.
#include "jobs/lag/lag_gather.hpp"

#include "common/base/progress.hpp"
#include "common/kafka/kafka.hpp"
#include "jobs/lag/lag_selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace caretaker {

namespace {

/// Answers by topic id, so that patterns meet each name only once.
class TopicFilter {
 public:
    TopicFilter(const LagSelection& selection, const TopicNames& names)
        : selection_(selection), names_(names) {}

    bool wants(TopicId topic) {
        if (topic >= answers_.size()) {
            answers_.resize(names_.size(), Answer::open);
        }
        Answer& answer = answers_.at(topic);
        if (answer == Answer::open) {
            answer = selection_.wants_topic(names_.name(topic)) ? Answer::yes : Answer::no;
        }
        return answer == Answer::yes;
    }

 private:
    enum class Answer : std::uint8_t { open, yes, no };

    const LagSelection& selection_;
    const TopicNames& names_;
    std::vector<Answer> answers_;
};

/// Collects partitions that many groups share without growing with the number of groups.
class PartitionSet {
 public:
    void add(PartitionRef where) {
        if (partitions_.size() >= next_tidy_) {
            tidy();
            next_tidy_ = std::max(next_tidy_, 2 * partitions_.size());
        }
        partitions_.push_back(where);
    }

    /// In the order of topic ids and numbers, each once.
    std::vector<PartitionRef> take() {
        tidy();
        return std::move(partitions_);
    }

 private:
    void tidy() {
        std::ranges::sort(partitions_);
        partitions_.erase(std::unique(partitions_.begin(), partitions_.end()), partitions_.end());
    }

    std::vector<PartitionRef> partitions_;
    std::size_t next_tidy_ = 4096;
};

template <typename Visit>
void for_each_owned(const ConsumerGroup& group, Visit visit) {
    for (const GroupMember& member : group.members) {
        for (const AssignedTopic& assigned : member.assignment) {
            for (const std::int32_t partition : assigned.partitions) {
                visit(PartitionRef{assigned.topic, partition});
            }
        }
    }
}

void note_unreadable_topics(const ClusterMetadata& metadata,
                            const LagSelection& selection,
                            LagFacts& facts) {
    const auto find = [&](std::string_view name) {
        const auto id = facts.names.find(name);
        return id ? std::ranges::find(metadata.topics, *id, &TopicMetadata::topic)
                  : metadata.topics.end();
    };
    for (const std::string& name : selection.named_topics()) {
        const auto topic = find(name);
        if (topic != metadata.topics.end()) {
            facts.named_topics.push_back(topic->topic);
        }
        if (topic == metadata.topics.end()) {
            facts.unreadable_topics.push_back({name, KafkaFailure::unknown_topic});
        } else if (topic->failure != KafkaFailure::none) {
            facts.unreadable_topics.push_back({name, topic->failure});
        }
    }
    std::ranges::sort(facts.named_topics);
}

void fetch_groups(KafkaClient& client, const LagSelection& selection, LagFacts& facts) {
    const std::vector<std::string>& named = selection.named_groups();
    facts.listed = !selection.only_named_groups();
    if (!facts.listed && named.empty()) {
        return;  // all that was named is excluded
    }
    GroupListing listing = client.fetch_groups(named, !facts.listed, facts.names);
    facts.listing_problems = std::move(listing.problems);
    for (ConsumerGroup& group : listing.groups) {
        if (selection.wants_group(group.name) && selection.wants_state(group.state)) {
            const bool is_named = std::ranges::binary_search(named, group.name);
            facts.groups.push_back({.group = std::move(group), .named = is_named});
        }
    }
    std::ranges::sort(facts.groups, {}, [](const GroupFacts& facts_of) -> const std::string& {
        return facts_of.group.name;
    });
}

/// Adds the groups that a complete list lacks although earlier runs saw them.
void recall_groups(std::span<const std::string> expected, LagFacts& facts) {
    if (!facts.listed || !facts.listing_problems.empty()) {
        return;  // they may be those of a broker that would not answer this, either
    }
    const auto name_of = [](const GroupFacts& group) -> const std::string& {
        return group.group.name;
    };
    std::vector<GroupFacts> recalled;
    for (const std::string& name : expected) {
        if (!std::ranges::binary_search(facts.groups, name, {}, name_of)) {
            recalled.push_back({.group = {.name = name}, .recalled = true});
        }
    }
    std::ranges::move(recalled, std::back_inserter(facts.groups));
    std::ranges::sort(facts.groups, {}, name_of);
}

std::size_t count_owned(const ConsumerGroup& group) {
    std::size_t owned = 0;
    for_each_owned(group, [&](PartitionRef) { ++owned; });
    return owned;
}

/// All partitions of wanted topics.
std::vector<PartitionRef> list_existing(const ClusterMetadata& metadata, TopicFilter& topics) {
    std::vector<PartitionRef> existing;
    for (const TopicMetadata& topic : metadata.topics) {
        if (topic.failure != KafkaFailure::none || !topics.wants(topic.topic)) {
            continue;
        }
        for (std::int32_t partition = 0; partition < std::ssize(topic.leaders); ++partition) {
            existing.push_back({topic.topic, partition});
        }
    }
    return existing;
}

/// Asks for the groups at these places of `facts.groups`, and puts the answers there.
void fetch_offsets(KafkaClient& client,
                   const std::vector<std::size_t>& places,
                   const std::vector<CommittedRequest>& requests,
                   const std::vector<PartitionRef>& existing,
                   LagFacts& facts) {
    if (requests.empty()) {
        return;
    }
    std::vector<GroupOffsets> answers = client.fetch_committed(requests, existing, facts.names);
    for (std::size_t i = 0; i < places.size(); ++i) {
        GroupFacts& group = facts.groups[places[i]];
        group.offsets = std::move(answers.at(i));
        group.has_commits = !group.offsets.offsets.empty();
    }
}

/// Asking a broker before Kafka 2.4 for "all partitions" through librdkafka before 2.3 gives an
/// empty answer without an error, as do some proxies. So a group that should have commits, because
/// it owns partitions, was named or was seen before, is asked again partition by partition. A group
/// that is not listed may have commits on any topic that is wanted.
bool is_empty_answer(const GroupFacts& facts) {
    return !facts.offsets.problem && !facts.has_commits && facts.offsets.partition_problems.empty();
}

std::vector<PartitionRef> second_try(const GroupFacts& facts,
                                     const std::vector<PartitionRef>& existing,
                                     TopicFilter& topics) {
    if (!is_empty_answer(facts)) {
        return {};
    }
    PartitionSet candidates;
    for_each_owned(facts.group, [&](PartitionRef where) {
        if (topics.wants(where.topic)) {
            candidates.add(where);
        }
    });
    if (facts.named || facts.recalled) {
        std::ranges::for_each(existing, [&](PartitionRef where) { candidates.add(where); });
    }
    return candidates.take();
}

/// Groups that answered "all partitions" with none and no error.
std::vector<std::size_t> places_of_empty_answers(const LagFacts& facts,
                                                 const std::vector<std::size_t>& places) {
    std::vector<std::size_t> empty;
    std::ranges::copy_if(places, std::back_inserter(empty), [&](std::size_t place) {
        return is_empty_answer(facts.groups[place]);
    });
    return empty;
}

void fetch_commits(KafkaClient& client,
                   const ClusterMetadata& metadata,
                   TopicFilter& topics,
                   LagFacts& facts) {
    const std::vector<PartitionRef> existing = list_existing(metadata, topics);
    std::vector<std::size_t> places;
    std::vector<CommittedRequest> requests;
    for (std::size_t i = 0; i < facts.groups.size(); ++i) {
        const ConsumerGroup& group = facts.groups[i].group;
        if (has_offsets(group.kind)) {
            places.push_back(i);
            requests.push_back({.group = group.name,
                                .owned = count_owned(group),
                                .coordinator = group.coordinator});
        }
    }
    fetch_offsets(client, places, requests, existing, facts);

    std::vector<std::size_t> again;
    std::vector<CommittedRequest> explicit_requests;
    for (const std::size_t place : places) {
        const GroupFacts& group = facts.groups[place];
        std::vector<PartitionRef> candidates = second_try(group, existing, topics);
        if (!candidates.empty()) {
            again.push_back(place);
            explicit_requests.push_back({.group = group.group.name,
                                         .partitions = std::move(candidates),
                                         .coordinator = group.group.coordinator});
        }
    }
    const std::vector<std::size_t> empty = places_of_empty_answers(facts, places);
    const bool none_at_all = !places.empty() && empty.size() == places.size();
    fetch_offsets(client, again, explicit_requests, existing, facts);

    // Where one such answer was wrong, or not one group has commits, all of them may be: groups
    // whose owners are not known would look as if they had nothing to read.
    const bool are_wrong = std::ranges::any_of(
        again, [&](std::size_t place) { return facts.groups[place].has_commits; });
    if (!are_wrong && !none_at_all) {
        return;
    }
    std::vector<std::size_t> rest;
    std::vector<CommittedRequest> requests_of_rest;
    for (const std::size_t place : empty) {
        const GroupFacts& group = facts.groups[place];
        if (!group.named && !existing.empty()) {
            rest.push_back(place);
            requests_of_rest.push_back({.group = group.group.name,
                                        .partitions = existing,
                                        .coordinator = group.group.coordinator});
        }
    }
    fetch_offsets(client, rest, requests_of_rest, existing, facts);
}

/// Drops what is known of unwanted topics before it takes part in anything.
void drop_unwanted_topics(GroupFacts& facts, TopicFilter& topics) {
    std::erase_if(facts.offsets.offsets,
                  [&](const CommittedOffset& commit) { return !topics.wants(commit.where.topic); });
    std::erase_if(facts.offsets.partition_problems, [&](const PartitionProblem& failed) {
        return !topics.wants(failed.where.topic);
    });
    for (GroupMember& member : facts.group.members) {
        std::erase_if(member.assignment,
                      [&](const AssignedTopic& assigned) { return !topics.wants(assigned.topic); });
    }
}

/// Whether a run that is about certain topics has anything to say about the group.
bool has_part(const GroupFacts& facts) {
    return facts.named || facts.group.problem || facts.offsets.problem ||
           !facts.offsets.offsets.empty() || !facts.offsets.partition_problems.empty() ||
           std::ranges::any_of(facts.group.members, [](const GroupMember& member) {
               return !member.assignment.empty();
           });
}

std::vector<std::int32_t> leaders_of(const std::vector<PartitionRef>& partitions,
                                     const ClusterMetadata& metadata,
                                     const TopicNames& names) {
    std::vector<const TopicMetadata*> by_id(names.size(), nullptr);
    for (const TopicMetadata& topic : metadata.topics) {
        by_id.at(topic.topic) = &topic;
    }
    std::vector<std::int32_t> leaders;
    leaders.reserve(partitions.size());
    for (const PartitionRef where : partitions) {
        const TopicMetadata* topic = by_id.at(where.topic);
        const bool exists = topic != nullptr && where.partition >= 0 &&
                            where.partition < std::ssize(topic->leaders);
        leaders.push_back(exists ? topic->leaders[static_cast<std::size_t>(where.partition)] : -1);
    }
    return leaders;
}

/// Log offsets of exactly the partitions that some group has a commit on or owns.
void fetch_logs(KafkaClient& client,
                const ClusterMetadata& metadata,
                LagFacts& facts,
                Progress& progress) {
    PartitionSet wanted;
    for (const GroupFacts& group : facts.groups) {
        for (const CommittedOffset& commit : group.offsets.offsets) {
            wanted.add(commit.where);
        }
        for (const PartitionProblem& failed : group.offsets.partition_problems) {
            wanted.add(failed.where);
        }
        for_each_owned(group.group, [&](PartitionRef where) { wanted.add(where); });
    }
    LogTable logs(wanted.take(), facts.names);
    progress.begin("reading log offsets", "partitions", std::ssize(logs.partitions()));
    if (!logs.partitions().empty()) {
        logs.fill(client.fetch_log_offsets(logs.partitions(), facts.names),
                  leaders_of(logs.partitions(), metadata, facts.names));
    }
    facts.logs = std::move(logs);
}

}  // namespace

LagFacts gather_lag(KafkaClient& client,
                    const LagSelection& selection,
                    Progress& progress,
                    std::span<const std::string> expected) {
    LagFacts facts;
    client.on_progress([&progress](std::int64_t done) { progress.update(done); });
    progress.begin("connecting to Kafka");
    ClusterMetadata metadata = client.fetch_metadata(facts.names);
    TopicFilter topics(selection, facts.names);
    facts.cluster_id = std::move(metadata.cluster_id);
    note_unreadable_topics(metadata, selection, facts);
    progress.begin("listing groups");
    fetch_groups(client, selection, facts);
    recall_groups(expected, facts);
    progress.begin("reading committed offsets", "groups", std::ssize(facts.groups));
    fetch_commits(client, metadata, topics, facts);
    std::erase_if(facts.groups, [](const GroupFacts& group) {
        return group.recalled && is_empty_answer(group);  // it is gone
    });
    for (GroupFacts& group : facts.groups) {
        drop_unwanted_topics(group, topics);
    }
    if (selection.narrows_topics()) {
        std::erase_if(facts.groups, [](const GroupFacts& group) { return !has_part(group); });
    }
    fetch_logs(client, metadata, facts, progress);
    facts.brokers = std::move(metadata.brokers);
    client.on_progress({});
    return facts;
}

void gather_sla(KafkaClient& client,
                std::span<const std::chrono::milliseconds> limits,
                WallTime now,
                LagFacts& facts,
                Progress& progress) {
    if (facts.logs.partitions().empty()) {
        return;
    }
    progress.begin("reading offsets by time", "times", std::ssize(limits));
    for (const std::chrono::milliseconds limit : limits) {
        facts.sla.push_back({.limit = limit,
                             .since = client.fetch_offsets_since(
                                 facts.logs.partitions(), now - limit, facts.names)});
        progress.update(std::ssize(facts.sla));
    }
}

void gather_record_times(KafkaClient& client,
                         std::span<const NamedPartition> partitions,
                         LagFacts& facts,
                         Progress& progress) {
    for (const NamedPartition& named : partitions) {
        const auto topic = facts.names.find(named.topic);
        const auto place = topic ? facts.logs.find({*topic, named.partition}) : std::nullopt;
        if (!place) {
            facts.unread_named.push_back(fmt::format("{}:{}", named.topic, named.partition));
        }
        if (!place || facts.logs.offsets(*place).failure != KafkaFailure::none) {
            continue;
        }
        const LogOffsets& log = facts.logs.offsets(*place);
        for (const GroupFacts& group : facts.groups) {
            for (const CommittedOffset& commit : group.offsets.offsets) {
                const std::int64_t next = std::max(commit.offset, log.start);
                if (commit.where == facts.logs.partition(*place) && next < log.end) {
                    facts.record_times[{*place, next}] = {};
                }
            }
        }
    }
    if (facts.record_times.empty()) {
        return;
    }
    progress.begin("reading records", "records", std::ssize(facts.record_times));
    std::vector<RecordRef> records;
    for (const auto& [where, time] : facts.record_times) {
        records.push_back({facts.logs.partition(where.first), where.second});
    }
    const std::vector<RecordTime> times = client.fetch_record_times(records, facts.names);
    auto answer = times.begin();
    for (auto& [where, time] : facts.record_times) {
        time = *answer++;
    }
}

}  // namespace caretaker
