// SPDX-License-Identifier: Apache-2.0
// The fake cluster between its requests: the scenario with look-up tables, active faults, counts.
#include "tests/sandbox/kafka_cluster_state.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace caretaker::sandbox {

namespace {

constexpr std::string_view offsets_topic = "__consumer_offsets";

// As Java's String.hashCode() for ASCII names, made positive as Kafka's Utils.abs does: the
// absolute value, and 0 for the one that has none.
std::int32_t hash_name(std::string_view name) {
    std::uint32_t hash = 0;
    for (const char letter : name) {
        hash = 31U * hash + static_cast<unsigned char>(letter);
    }
    const auto number = static_cast<std::int32_t>(hash);
    return number == std::numeric_limits<std::int32_t>::min() ? 0 : std::abs(number);
}

bool concerns_partitions(const KafkaFault& fault) {
    if (fault.topic) {
        return true;
    }
    switch (fault.code) {
        case kafka_error::unknown_topic_or_partition:
        case kafka_error::leader_not_available:
        case kafka_error::not_leader_or_follower:
        case kafka_error::topic_authorization_failed:
        case kafka_error::kafka_storage_error:
        case kafka_error::offset_not_available:
        case kafka_error::unstable_offset_commit:
            return true;
        default:
            return fault.api == KafkaApi::list_offsets || fault.api == KafkaApi::metadata;
    }
}

bool is_used_by(std::int16_t code, bool of_one_group, KafkaApi api) {
    switch (code) {
        case kafka_error::coordinator_load_in_progress:
            return api == KafkaApi::offset_fetch || api == KafkaApi::describe_groups ||
                   (api == KafkaApi::list_groups && !of_one_group);
        case kafka_error::not_coordinator:
            return api == KafkaApi::offset_fetch || api == KafkaApi::describe_groups;
        case kafka_error::coordinator_not_available:
            return api == KafkaApi::find_coordinator;
        case kafka_error::group_authorization_failed:
            return api == KafkaApi::find_coordinator || api == KafkaApi::describe_groups ||
                   api == KafkaApi::offset_fetch;
        case kafka_error::cluster_authorization_failed:
            return api == KafkaApi::list_groups;
        case kafka_error::topic_authorization_failed:
            return api == KafkaApi::metadata || api == KafkaApi::list_offsets ||
                   api == KafkaApi::offset_fetch;
        case kafka_error::unknown_topic_or_partition:
        case kafka_error::leader_not_available:
            return api == KafkaApi::metadata || api == KafkaApi::list_offsets;
        case kafka_error::not_leader_or_follower:
        case kafka_error::offset_not_available:
        case kafka_error::kafka_storage_error:
            return api == KafkaApi::list_offsets;
        case kafka_error::unstable_offset_commit:
            return api == KafkaApi::offset_fetch;
        case kafka_error::sasl_authentication_failed:
            return api == KafkaApi::sasl_authenticate;
        default:
            return false;
    }
}

bool applies(const KafkaFault& fault, KafkaApi api, std::int32_t broker) {
    if (fault.broker && *fault.broker != broker) {
        return false;
    }
    if (fault.api) {
        return *fault.api == api;
    }
    return fault.kind != KafkaFaultKind::error ||
           is_used_by(fault.code, fault.group.has_value(), api);
}

}  // namespace

KafkaClusterState::KafkaClusterState(KafkaScenario scenario, std::vector<std::uint16_t> ports)
    : scenario_(std::move(scenario)), ports_(std::move(ports)) {
    const auto start = scenario_.epoch.value_or(
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    present_time_ = start.time_since_epoch();
    rebuild_index();
}

void KafkaClusterState::rebuild_index() {
    topics_.clear();
    for (std::size_t i = 0; i < scenario_.topics.size(); ++i) {
        topics_.emplace(scenario_.topics[i].name, i);
    }
    groups_.clear();
    groups_by_broker_.assign(ports_.size(), {});
    for (std::size_t i = 0; i < scenario_.groups.size(); ++i) {
        auto& group = scenario_.groups[i];
        groups_.emplace(group.name, i);
        for (auto& on_topic : group.commits) {
            std::ranges::sort(on_topic.commits, {}, &FakeCommit::partition);
        }
        const auto broker = coordinator(group.name);
        if (broker >= 0 && broker < brokers()) {
            groups_by_broker_[static_cast<std::size_t>(broker)].push_back(&group);
        }
    }
}

void KafkaClusterState::update(const std::function<void(KafkaScenario&)>& change) {
    change(scenario_);
    rebuild_index();
}

void KafkaClusterState::advance(std::chrono::seconds duration) {
    const auto seconds = duration.count();
    present_time_ += duration;
    for (auto& topic : scenario_.topics) {
        for (auto& log : topic.partitions) {
            log.log_end += log.records_per_second * seconds;
        }
    }
    for (auto& group : scenario_.groups) {
        for (auto& on_topic : group.commits) {
            const auto* logs = topic(on_topic.topic);
            for (auto& commit : on_topic.commits) {
                const auto partition = static_cast<std::size_t>(commit.partition);
                if (logs == nullptr || partition >= logs->partitions.size()) {
                    continue;
                }
                const auto reached = commit.offset + commit.records_per_second * seconds;
                commit.offset =
                    std::max(commit.offset, std::min(reached, logs->partitions[partition].log_end));
            }
        }
    }
}

const FakeTopic* KafkaClusterState::topic(std::string_view name) const {
    const auto found = topics_.find(name);
    return found == topics_.end() ? nullptr : &scenario_.topics[found->second];
}

const FakeGroup* KafkaClusterState::group(std::string_view name) const {
    const auto found = groups_.find(name);
    return found == groups_.end() ? nullptr : &scenario_.groups[found->second];
}

std::int32_t KafkaClusterState::leader(const FakeTopic& topic, std::int32_t partition) const {
    const auto& log = topic.partitions.at(static_cast<std::size_t>(partition));
    return log.leader.value_or(partition % brokers());
}

std::int32_t KafkaClusterState::coordinator(std::string_view group) const {
    const auto* offsets = topic(offsets_topic);
    if (offsets == nullptr || offsets->partitions.empty()) {
        return hash_name(group) % brokers();
    }
    const auto partitions = static_cast<std::int32_t>(offsets->partitions.size());
    return leader(*offsets, hash_name(group) % partitions);
}

const std::vector<const FakeGroup*>& KafkaClusterState::groups_of(std::int32_t broker) const {
    return groups_by_broker_.at(static_cast<std::size_t>(broker));
}

std::int64_t KafkaClusterState::newest_timestamp(const FakePartition& log) const {
    return (present_time_ - log.newest_record_age).count();
}

void KafkaClusterState::add_fault(const KafkaFault& fault) {
    if (fault.times != 0U) {
        faults_.push_back({.fault = fault});
    }
}

std::vector<KafkaFault> KafkaClusterState::faults() const {
    std::vector<KafkaFault> all;
    for (const auto& active : faults_) {
        all.push_back(active.fault);
    }
    return all;
}

std::optional<KafkaFault> KafkaClusterState::find_fault(KafkaFaultKind kind,
                                                        std::optional<KafkaApi> api,
                                                        std::int32_t broker) const {
    for (auto active = faults_.rbegin(); active != faults_.rend(); ++active) {
        const auto& fault = active->fault;
        if (fault.kind != kind || (fault.broker && *fault.broker != broker) ||
            (fault.api && fault.api != api)) {
            continue;
        }
        return fault;
    }
    return std::nullopt;
}

std::optional<KafkaFault> KafkaClusterState::take_fault(KafkaFaultKind kind,
                                                        KafkaApi api,
                                                        std::int32_t broker) {
    for (auto active = faults_.rbegin(); active != faults_.rend(); ++active) {
        if (active->fault.kind == kind && applies(active->fault, api, broker)) {
            active->used = true;
            return active->fault;
        }
    }
    return std::nullopt;
}

void KafkaClusterState::settle_faults() {
    for (auto& active : faults_) {
        if (std::exchange(active.used, false) && active.fault.times) {
            --*active.fault.times;
        }
    }
    std::erase_if(faults_, [](const ActiveFault& active) { return active.fault.times == 0U; });
}

std::optional<KafkaApiInfo> KafkaClusterState::offered(const KafkaApiInfo& api,
                                                       std::int32_t broker) const {
    if (find_fault(KafkaFaultKind::hide, api.api, broker)) {
        return std::nullopt;
    }
    auto range = api;
    if (const auto limit = find_fault(KafkaFaultKind::max_version, api.api, broker)) {
        range.max_version = std::min(range.max_version, limit->version);
    }
    return range;
}

void KafkaClusterState::count_request(std::int32_t broker, KafkaApi api, std::int16_t version) {
    ++counts_[{broker, api, version}];
}

void KafkaClusterState::reset_counts() {
    counts_.clear();
    bad_requests_ = 0;
}

KafkaClusterState::Errors::Errors(KafkaClusterState& state, KafkaApi api, std::int32_t broker) {
    for (auto active = state.faults_.rbegin(); active != state.faults_.rend(); ++active) {
        if (active->fault.kind == KafkaFaultKind::error && applies(active->fault, api, broker)) {
            matching_.push_back(&*active);
        }
    }
}

std::int16_t KafkaClusterState::Errors::of_answer() {
    for (auto* active : matching_) {
        if (!active->fault.group && !active->fault.topic) {
            active->used = true;
            return active->fault.code;
        }
    }
    return kafka_error::none;
}

std::int16_t KafkaClusterState::Errors::of_group(std::string_view group) {
    for (auto* active : matching_) {
        const auto& fault = active->fault;
        if (!concerns_partitions(fault) && (!fault.group || *fault.group == group)) {
            active->used = true;
            return fault.code;
        }
    }
    return kafka_error::none;
}

std::int16_t KafkaClusterState::Errors::of_topic(std::string_view topic) {
    for (auto* active : matching_) {
        const auto& fault = active->fault;
        if (!fault.partition && (!fault.topic || *fault.topic == topic)) {
            active->used = true;
            return fault.code;
        }
    }
    return kafka_error::none;
}

std::int16_t KafkaClusterState::Errors::of_partition(std::string_view group,
                                                     std::string_view topic,
                                                     std::int32_t partition) {
    for (auto* active : matching_) {
        const auto& fault = active->fault;
        if (concerns_partitions(fault) && (!fault.group || *fault.group == group) &&
            (!fault.topic || *fault.topic == topic) &&
            (!fault.partition || *fault.partition == partition)) {
            active->used = true;
            return fault.code;
        }
    }
    return kafka_error::none;
}

}  // namespace caretaker::sandbox
