// SPDX-License-Identifier: Apache-2.0
// The answers of the cluster in memory.
#include "tests/support/fake_kafka.hpp"

#include <algorithm>
#include <memory>

namespace caretaker {

namespace {

/// What a job gets to own; the cluster stays with the test.
class ForwardingKafka final : public KafkaClient {
 public:
    explicit ForwardingKafka(KafkaClient& cluster) : cluster_(cluster) {}

    ClusterMetadata fetch_metadata(TopicNames& names) override {
        return cluster_.fetch_metadata(names);
    }

    GroupListing fetch_groups(std::span<const std::string> named,
                              bool named_only,
                              TopicNames& names) override {
        return cluster_.fetch_groups(named, named_only, names);
    }

    std::vector<GroupOffsets> fetch_committed(std::span<const CommittedRequest> requests,
                                              std::span<const PartitionRef> existing,
                                              TopicNames& names) override {
        return cluster_.fetch_committed(requests, existing, names);
    }

    std::vector<LogOffsets> fetch_log_offsets(std::span<const PartitionRef> partitions,
                                              const TopicNames& names) override {
        return cluster_.fetch_log_offsets(partitions, names);
    }

    std::vector<OffsetSince> fetch_offsets_since(std::span<const PartitionRef> partitions,
                                                 WallTime since,
                                                 const TopicNames& names) override {
        return cluster_.fetch_offsets_since(partitions, since, names);
    }

    std::vector<RecordTime> fetch_record_times(std::span<const RecordRef> records,
                                               const TopicNames& names) override {
        return cluster_.fetch_record_times(records, names);
    }

    void on_progress(TellProgress tell) override { cluster_.on_progress(std::move(tell)); }

 private:
    KafkaClient& cluster_;
};

}  // namespace

void FakeKafka::add_topic(const std::string& name,
                          std::size_t partitions,
                          std::int64_t start,
                          std::int64_t end) {
    topics[name].partitions.assign(partitions, {.start = start, .end = end});
}

Connectors FakeKafka::connectors() {
    Connectors connectors;
    connectors.kafka = [this](const KafkaOptions& options, const StopSignal&) {
        connected_with.push_back(options);
        return std::make_unique<ForwardingKafka>(*this);
    };
    return connectors;
}

ClusterMetadata FakeKafka::fetch_metadata(TopicNames& names) {
    calls.order.emplace_back("metadata");
    ClusterMetadata metadata{.cluster_id = cluster_id, .brokers = brokers};
    for (const auto& [name, topic] : topics) {
        TopicMetadata& entry = metadata.topics.emplace_back();
        entry.topic = names.intern(name);
        entry.failure = topic.failure;
        for (const FakeKafkaPartition& partition : topic.partitions) {
            entry.leaders.push_back(partition.leader);
        }
    }
    return metadata;
}

ConsumerGroup FakeKafka::describe(const std::string& name,
                                  const FakeKafkaGroup& group,
                                  TopicNames& names) const {
    ConsumerGroup described{.name = name,
                            .kind = group.kind,
                            .state = group.state,
                            .protocol_type = group.protocol_type,
                            .coordinator = group.coordinator,
                            .members_known = group.members_known,
                            .problem = group.describe_problem};
    for (const FakeKafkaMember& member : group.members) {
        GroupMember& entry = described.members.emplace_back();
        entry.member_id = member.member_id;
        entry.client_id = member.client_id;
        entry.host = member.host;
        for (const auto& [topic, partitions] : member.assignment) {
            entry.assignment.push_back({names.intern(topic), partitions});
        }
    }
    return described;
}

GroupListing FakeKafka::fetch_groups(std::span<const std::string> named,
                                     bool named_only,
                                     TopicNames& names) {
    calls.order.emplace_back("groups");
    calls.named_groups.assign(named.begin(), named.end());
    calls.named_only = named_only;
    GroupListing listing{.problems = listing_problems};
    for (const std::int32_t broker : silent_brokers) {
        listing.problems.push_back({KafkaFailure::timed_out, "did not answer in time", broker});
    }
    const auto offsets_topic = topics.find("__consumer_offsets");
    if (offsets_topic != topics.end() &&
        std::ranges::count(offsets_topic->second.partitions, -1, &FakeKafkaPartition::leader) > 0) {
        listing.problems.push_back(
            {KafkaFailure::no_leader, "partitions of __consumer_offsets have no leader"});
    }
    std::set<std::string> shown;
    for (const auto& [name, group] : groups) {
        const bool is_named = std::ranges::find(named, name) != named.end();
        const bool answers = group.listed && !silent_brokers.contains(group.coordinator);
        if (answers && (is_named || !named_only)) {
            listing.groups.push_back(describe(name, group, names));
            shown.insert(name);
        }
    }
    for (const std::string& name : named) {
        if (shown.insert(name).second) {
            listing.groups.push_back({.name = name});
        }
    }
    std::ranges::sort(listing.groups, {}, &ConsumerGroup::name);
    return listing;
}

GroupOffsets FakeKafka::committed(const CommittedRequest& request, TopicNames& names) {
    calls.fetched_groups.push_back(request.group);
    GroupOffsets answer{.group = request.group};
    std::vector<FakePartitionName> asked;
    for (const PartitionRef where : request.partitions) {
        asked.emplace_back(names.name(where.topic), where.partition);
    }
    if (!asked.empty()) {
        calls.explicit_requests.emplace_back(request.group, asked);
    }
    const auto found = groups.find(request.group);
    if (found == groups.end()) {
        return answer;
    }
    const FakeKafkaGroup& group = found->second;
    if (silent_brokers.contains(group.coordinator)) {
        answer.problem = KafkaProblem{KafkaFailure::timed_out, "the coordinator timed out"};
        return answer;
    }
    answer.problem = group.offsets_problem;
    if (answer.problem || (asked.empty() && null_finds_nothing)) {
        return answer;
    }
    const auto is_asked = [&](const FakePartitionName& where) {
        return asked.empty() || std::ranges::find(asked, where) != asked.end();
    };
    for (const auto& [where, offset] : group.commits) {
        if (is_asked(where)) {
            answer.offsets.push_back({{names.intern(where.first), where.second}, offset});
        }
    }
    for (const auto& [where, problem] : group.commit_problems) {
        if (is_asked(where)) {
            answer.partition_problems.push_back(
                {{names.intern(where.first), where.second}, problem});
        }
    }
    return answer;
}

std::vector<GroupOffsets> FakeKafka::fetch_committed(std::span<const CommittedRequest> requests,
                                                     std::span<const PartitionRef> existing,
                                                     TopicNames& names) {
    calls.order.emplace_back("committed");
    calls.existing.clear();
    for (const PartitionRef where : existing) {
        calls.existing.emplace_back(names.name(where.topic), where.partition);
    }
    std::vector<GroupOffsets> answers;
    for (const CommittedRequest& request : requests) {
        calls.known_of_groups[request.group] = {request.owned, request.coordinator};
        answers.push_back(committed(request, names));
    }
    tell_progress(requests.size());
    return answers;
}

LogOffsets FakeKafka::log_offsets(const FakePartitionName& where) const {
    const auto topic = topics.find(where.first);
    const auto number = static_cast<std::size_t>(where.second);
    if (topic == topics.end() || where.second < 0 || number >= topic->second.partitions.size()) {
        return {.failure = KafkaFailure::unknown_topic};
    }
    const FakeKafkaPartition& partition = topic->second.partitions[number];
    if (partition.failure != KafkaFailure::none) {
        return {.failure = partition.failure};
    }
    if (partition.leader < 0) {
        return {.failure = KafkaFailure::no_leader};
    }
    if (silent_brokers.contains(partition.leader)) {
        return {.failure = KafkaFailure::timed_out};
    }
    return {.start = partition.start, .end = partition.end};
}

std::vector<LogOffsets> FakeKafka::fetch_log_offsets(std::span<const PartitionRef> partitions,
                                                     const TopicNames& names) {
    calls.order.emplace_back("log_offsets");
    std::vector<LogOffsets> answers;
    for (const PartitionRef where : partitions) {
        calls.log_offsets.emplace_back(names.name(where.topic), where.partition);
        answers.push_back(log_offsets(calls.log_offsets.back()));
    }
    tell_progress(partitions.size());
    return answers;
}

std::vector<OffsetSince> FakeKafka::fetch_offsets_since(std::span<const PartitionRef> partitions,
                                                        WallTime since,
                                                        const TopicNames& names) {
    calls.order.emplace_back("offsets_since");
    std::vector<OffsetSince> answers;
    for (const PartitionRef ref : partitions) {
        const FakePartitionName where{names.name(ref.topic), ref.partition};
        OffsetSince& answer = answers.emplace_back();
        answer.failure = log_offsets(where).failure;
        if (answer.failure != KafkaFailure::none) {
            continue;
        }
        const auto& written =
            topics.at(where.first).partitions.at(static_cast<std::size_t>(where.second)).written;
        const auto first = std::ranges::find_if(
            written, [&](const auto& record) { return record.second >= since; });
        answer.offset = first == written.end() ? -1 : first->first;
    }
    return answers;
}

std::vector<RecordTime> FakeKafka::fetch_record_times(std::span<const RecordRef> records,
                                                      const TopicNames& names) {
    calls.order.emplace_back("record_times");
    std::vector<RecordTime> answers;
    for (const RecordRef& record : records) {
        const FakePartitionName where{names.name(record.where.topic), record.where.partition};
        RecordTime& answer = answers.emplace_back();
        answer.failure = log_offsets(where).failure;
        if (answer.failure != KafkaFailure::none) {
            continue;
        }
        const auto& written =
            topics.at(where.first).partitions.at(static_cast<std::size_t>(where.second)).written;
        const auto next = written.lower_bound(record.offset);
        if (next == written.end()) {
            answer.failure = KafkaFailure::timed_out;
        } else {
            answer.at = next->second;
        }
    }
    return answers;
}

void FakeKafka::tell_progress(std::size_t done) const {
    if (tell_progress_) {
        tell_progress_(static_cast<std::int64_t>(done));
    }
}

}  // namespace caretaker
