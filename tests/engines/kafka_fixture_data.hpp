// SPDX-License-Identifier: Apache-2.0
// Puts topics, records, groups and commits into a real Kafka, by librdkafka itself and not by our
// code.
#pragma once

#include "common/base/handle.hpp"

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

using RdKafka = std::unique_ptr<rd_kafka_t, Calls<rd_kafka_destroy>>;

struct TopicOffset {
    std::string topic{};
    std::int32_t partition = 0;
    std::int64_t offset = 0;
};

/// All functions wait until the broker has confirmed, and throw std::runtime_error when it does
/// not.
class KafkaFixtureData {
 public:
    explicit KafkaFixtureData(std::string bootstrap_servers);

    /// `settings` are those of the topic, e.g. {{"retention.ms", "1"}}. Each partition has one
    /// replica; `brokers` says on which broker each of them lies, else Kafka chooses.
    void create_topic(const std::string& topic,
                      std::int32_t partitions,
                      const std::vector<std::pair<std::string, std::string>>& settings = {},
                      const std::vector<std::int32_t>& brokers = {});

    /// With all its records; returns when no broker shows it any more.
    void delete_topic(const std::string& topic);

    /// With all its commits; it must have no members.
    void delete_group(const std::string& group);

    /// Appends `count` records.
    void produce(const std::string& topic, std::int32_t partition, int count);

    /// Deletes the records before `offset`: the log start moves there.
    void delete_records(const std::string& topic, std::int32_t partition, std::int64_t offset);

    /// Commits for a group that nobody needs to be a member of.
    void commit(const std::string& group, const std::vector<TopicOffset>& offsets);

    /// Members of `group` that have joined, one per name in `client_ids`, subscribed to `topic`;
    /// returns when they own all its partitions. They stay until they are destroyed.
    [[nodiscard]] std::vector<RdKafka> join(const std::string& group,
                                            const std::string& topic,
                                            std::int32_t partitions,
                                            const std::vector<std::string>& client_ids);

    /// Writes `count` records in a transaction that stays open as long as the returned handle
    /// lives.
    [[nodiscard]] RdKafka open_transaction(const std::string& topic,
                                           std::int32_t partition,
                                           int count);

    /// Lets `user` describe the topic or group of exactly that name.
    void allow_describe(const std::string& user,
                        rd_kafka_ResourceType_t type,
                        const std::string& name);

 private:
    using Settings = std::vector<std::pair<std::string, std::string>>;

    [[nodiscard]] RdKafka make_handle(rd_kafka_type_t type, Settings settings) const;
    void wait_for_leaders(const std::string& topic, std::int32_t partitions);
    void create_offsets_topic();

    std::string bootstrap_servers_;
    RdKafka producer_;
};

}  // namespace caretaker::testing
