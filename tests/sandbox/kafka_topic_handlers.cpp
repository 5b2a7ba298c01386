// SPDX-License-Identifier: Apache-2.0
// The answers about topics and their logs: Metadata and ListOffsets.
#include "tests/sandbox/kafka_handlers.hpp"

#include <algorithm>
#include <limits>

namespace caretaker::sandbox {

namespace {

constexpr std::int32_t operations_not_asked = std::numeric_limits<std::int32_t>::min();
constexpr std::size_t uuid_size = 16;

// Not random, so that the same scenario has the same ids.
std::string make_topic_id(std::string_view name) {
    std::string id;
    std::uint64_t hash = 0xCBF29CE484222325U;
    while (id.size() < uuid_size) {
        for (const char letter : name) {
            hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3U;
        }
        id.push_back(static_cast<char>(hash >> 56U));
    }
    return id;
}

void write_metadata_partition(KafkaRequest& request,
                              KafkaClusterState::Errors& errors,
                              const FakeTopic& topic,
                              std::int32_t partition) {
    auto& out = request.out;
    const auto leader = request.state.leader(topic, partition);
    auto error = errors.of_partition("", topic.name, partition);
    if (error == kafka_error::none && leader < 0) {
        error = kafka_error::leader_not_available;
    }
    out.write_int16(error);
    out.write_int32(partition);
    out.write_int32(leader);
    if (request.version >= 7) {
        out.write_int32(0);  // leader epoch
    }
    const std::int32_t replica = leader >= 0 ? leader : partition % request.state.brokers();
    out.write_array_length(1);  // replicas
    out.write_int32(replica);
    out.write_array_length(leader >= 0 ? 1 : 0);  // in sync
    if (leader >= 0) {
        out.write_int32(replica);
    }
    if (request.version >= 5) {
        out.write_array_length(leader >= 0 ? 0 : 1);  // offline
        if (leader < 0) {
            out.write_int32(replica);
        }
    }
    out.write_no_tags();
}

void write_metadata_topic(KafkaRequest& request,
                          KafkaClusterState::Errors& errors,
                          std::string_view name,
                          std::int16_t error,
                          const FakeTopic* topic) {
    auto& out = request.out;
    out.write_int16(error);
    out.write_string(name);
    if (request.version >= 10) {
        out.write_raw(topic == nullptr ? std::string(uuid_size, '\0') : make_topic_id(name));
    }
    if (request.version >= 1) {
        out.write_bool(topic != nullptr && topic->internal);
    }
    const auto partitions = topic == nullptr ? 0 : topic->partitions.size();
    out.write_array_length(partitions);
    for (std::size_t i = 0; i < partitions; ++i) {
        write_metadata_partition(request, errors, *topic, static_cast<std::int32_t>(i));
    }
    if (request.version >= 8) {
        out.write_int32(operations_not_asked);
    }
    out.write_no_tags();
}

// nullopt: all topics.
std::optional<std::vector<std::string_view>> read_metadata_request(KafkaRequest& request) {
    auto& in = request.in;
    const auto length = in.read_nullable_array_length();
    std::vector<std::string_view> names;
    for (std::uint32_t i = 0; i < length.value_or(0); ++i) {
        if (request.version >= 10) {
            in.skip(uuid_size);
        }
        names.push_back(in.read_string());
        in.skip_tags();
    }
    if (request.version >= 4) {
        in.read_bool();  // allow auto topic creation
    }
    if (request.version >= 8 && request.version <= 10) {
        in.read_bool();  // include cluster authorized operations
    }
    if (request.version >= 8) {
        in.read_bool();  // include topic authorized operations
    }
    in.skip_tags();
    // Before version 1 an empty list meant all, from then on null does.
    if (request.version == 0 ? names.empty() : !length) {
        return std::nullopt;
    }
    return names;
}

void write_metadata_brokers(KafkaRequest& request) {
    auto& out = request.out;
    const auto ports = request.state.ports();
    out.write_array_length(ports.size());
    for (std::size_t i = 0; i < ports.size(); ++i) {
        out.write_int32(static_cast<std::int32_t>(i));
        out.write_string("127.0.0.1");
        out.write_int32(ports[i]);
        if (request.version >= 1) {
            out.write_nullable_string(std::nullopt);  // rack
        }
        out.write_no_tags();
    }
    if (request.version >= 2) {
        out.write_string(request.state.scenario().cluster_id);
    }
    if (request.version >= 1) {
        out.write_int32(0);  // controller
    }
}

struct MetadataTopic {
    std::string_view name{};
    std::int16_t error = 0;
    const FakeTopic* topic = nullptr;
};

std::vector<MetadataTopic> select_topics(
    const KafkaRequest& request,
    KafkaClusterState::Errors& errors,
    const std::optional<std::vector<std::string_view>>& wanted) {
    std::vector<MetadataTopic> selected;
    if (!wanted) {
        for (const auto& topic : request.state.scenario().topics) {
            const auto error = errors.of_topic(topic.name);
            // Brokers leave topics that one may not describe out of the list of all.
            if (error != kafka_error::topic_authorization_failed) {
                selected.push_back({topic.name, error, error == 0 ? &topic : nullptr});
            }
        }
        return selected;
    }
    for (const auto name : *wanted) {
        const auto* topic = request.state.topic(name);
        auto error = errors.of_topic(name);
        if (error == kafka_error::none && topic == nullptr) {
            error = kafka_error::unknown_topic_or_partition;
        }
        selected.push_back({name, error, error == kafka_error::none ? topic : nullptr});
    }
    return selected;
}

struct FoundOffset {
    std::int16_t error = kafka_error::none;
    std::int64_t timestamp = -1;
    std::int64_t offset = -1;
};

// The first record not older than `timestamp`. Record end-1 is the newest, the others lie evenly
// before it.
FoundOffset find_by_time(const KafkaClusterState& state,
                         const FakePartition& log,
                         std::int64_t timestamp) {
    const auto newest = state.newest_timestamp(log);
    if (log.log_start >= log.log_end || timestamp > newest) {
        return {};
    }
    if (log.records_per_second <= 0) {
        return {.timestamp = newest, .offset = log.log_start};
    }
    constexpr std::int64_t millis = 1000;
    const auto span =
        std::min(newest - timestamp, std::numeric_limits<std::int32_t>::max() * millis);
    const auto records_since = span * log.records_per_second / millis;
    const auto offset = std::max(log.log_start, log.log_end - 1 - records_since);
    const auto age = (log.log_end - 1 - offset) * millis / log.records_per_second;
    return {.timestamp = newest - age, .offset = offset};
}

FoundOffset find_offset(KafkaRequest& request,
                        KafkaClusterState::Errors& errors,
                        const FakeTopic* topic,
                        std::string_view name,
                        std::int32_t partition,
                        std::int64_t timestamp,
                        bool committed_only) {
    if (const auto error = errors.of_partition("", name, partition)) {
        return {.error = error};
    }
    if (topic == nullptr || partition < 0 ||
        static_cast<std::size_t>(partition) >= topic->partitions.size()) {
        return {.error = kafka_error::unknown_topic_or_partition};
    }
    if (request.state.leader(*topic, partition) != request.session.broker) {
        return {.error = kafka_error::not_leader_or_follower};
    }
    const auto& log = topic->partitions[static_cast<std::size_t>(partition)];
    constexpr std::int64_t latest = -1;
    constexpr std::int64_t earliest = -2;
    if (timestamp == earliest) {
        return {.offset = log.log_start};
    }
    if (timestamp == latest) {
        const auto stable = log.last_stable_offset.value_or(log.log_end);
        return {.offset = committed_only ? stable : log.log_end};
    }
    return find_by_time(request.state, log, timestamp);
}

}  // namespace

void answer_metadata(KafkaRequest& request) {
    const auto wanted = read_metadata_request(request);
    KafkaClusterState::Errors errors(request.state, request.api, request.session.broker);
    auto& out = request.out;
    if (request.version >= 3) {
        out.write_int32(0);  // throttle time
    }
    write_metadata_brokers(request);
    const auto selected = select_topics(request, errors, wanted);
    out.write_array_length(selected.size());
    for (const auto& [name, error, topic] : selected) {
        write_metadata_topic(request, errors, name, error, topic);
    }
    if (request.version >= 8 && request.version <= 10) {
        out.write_int32(operations_not_asked);
    }
    out.write_no_tags();
}

void answer_list_offsets(KafkaRequest& request) {
    auto& in = request.in;
    auto& out = request.out;
    KafkaClusterState::Errors errors(request.state, request.api, request.session.broker);
    in.read_int32();  // replica id
    const bool committed_only = request.version >= 2 && in.read_int8() == 1;
    if (request.version >= 2) {
        out.write_int32(0);  // throttle time
    }
    const auto topics = in.read_array_length();
    out.write_array_length(topics);
    for (std::uint32_t t = 0; t < topics; ++t) {
        const auto name = in.read_string();
        const auto* topic = request.state.topic(name);
        const auto partitions = in.read_array_length();
        out.write_string(name);
        out.write_array_length(partitions);
        for (std::uint32_t p = 0; p < partitions; ++p) {
            const auto partition = in.read_int32();
            if (request.version >= 4) {
                in.read_int32();  // current leader epoch
            }
            const auto timestamp = in.read_int64();
            in.skip_tags();
            const auto found =
                find_offset(request, errors, topic, name, partition, timestamp, committed_only);
            out.write_int32(partition);
            out.write_int16(found.error);
            out.write_int64(found.timestamp);
            out.write_int64(found.offset);
            if (request.version >= 4) {
                out.write_int32(found.error == kafka_error::none ? 0 : -1);  // leader epoch
            }
            out.write_no_tags();
        }
        in.skip_tags();
        out.write_no_tags();
    }
    in.skip_tags();
    out.write_no_tags();
}

}  // namespace caretaker::sandbox
