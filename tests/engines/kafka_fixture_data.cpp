// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/kafka_fixture_data.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace caretaker::testing {

namespace {

constexpr std::chrono::seconds patience{60};
constexpr int request_timeout_ms = 30'000;
constexpr int poll_ms = 100;

using Conf = std::unique_ptr<rd_kafka_conf_t, Calls<rd_kafka_conf_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Calls<rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Calls<rd_kafka_event_destroy>>;
using Options = std::unique_ptr<rd_kafka_AdminOptions_t, Calls<rd_kafka_AdminOptions_destroy>>;
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, Calls<rd_kafka_topic_destroy>>;
using DeleteTopic = std::unique_ptr<rd_kafka_DeleteTopic_t, Calls<rd_kafka_DeleteTopic_destroy>>;
using DeleteGroup = std::unique_ptr<rd_kafka_DeleteGroup_t, Calls<rd_kafka_DeleteGroup_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Calls<rd_kafka_NewTopic_destroy>>;
using DeleteRecords =
    std::unique_ptr<rd_kafka_DeleteRecords_t, Calls<rd_kafka_DeleteRecords_destroy>>;
using AclBinding = std::unique_ptr<rd_kafka_AclBinding_t, Calls<rd_kafka_AclBinding_destroy>>;
using KafkaError = std::unique_ptr<rd_kafka_error_t, Calls<rd_kafka_error_destroy>>;
using Message = std::unique_ptr<rd_kafka_message_t, Calls<rd_kafka_message_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, Calls<rd_kafka_metadata_destroy>>;
using PartitionList =
    std::unique_ptr<rd_kafka_topic_partition_list_t, Calls<rd_kafka_topic_partition_list_destroy>>;

[[noreturn]] void fail(const std::string& what, const std::string& why) {
    throw std::runtime_error(fmt::format("preparing Kafka: {}: {}", what, why));
}

void check(rd_kafka_resp_err_t error, const std::string& what) {
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fail(what, rd_kafka_err2str(error));
    }
}

void check(const KafkaError& error, const std::string& what) {
    if (error) {
        fail(what, rd_kafka_error_string(error.get()));
    }
}

/// Asks `done` until it says yes; every asking waits for the broker, so nothing sleeps here.
template <typename Done>
void retry_until(const std::string& what, Done done) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!done()) {
        if (std::chrono::steady_clock::now() > deadline) {
            fail(what, "not within a minute");
        }
    }
}

PartitionList make_list(const std::vector<TopicOffset>& offsets) {
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
    for (const TopicOffset& entry : offsets) {
        rd_kafka_topic_partition_list_add(list.get(), entry.topic.c_str(), entry.partition)
            ->offset = entry.offset;
    }
    return list;
}

/// Runs one admin request: `send` gets the options and the queue for the answer.
template <typename Send>
Event request(rd_kafka_t* handle, const std::string& what, Send send) {
    const Queue queue(rd_kafka_queue_new(handle));
    const Options options(rd_kafka_AdminOptions_new(handle, RD_KAFKA_ADMIN_OP_ANY));
    std::array<char, 256> error{};
    check(rd_kafka_AdminOptions_set_request_timeout(
              options.get(), request_timeout_ms, error.data(), error.size()),
          what);
    send(options.get(), queue.get());
    Event event(rd_kafka_queue_poll(queue.get(), 2 * request_timeout_ms));
    if (!event) {
        fail(what, "no answer");
    }
    if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fail(what, rd_kafka_event_error_string(event.get()));
    }
    return event;
}

void send_records(rd_kafka_t* producer,
                  const std::string& topic,
                  std::int32_t partition,
                  int count) {
    const TopicHandle handle(rd_kafka_topic_new(producer, topic.c_str(), nullptr));
    std::string payload = "a log line";
    for (int i = 0; i < count; ++i) {
        if (rd_kafka_produce(handle.get(),
                             partition,
                             RD_KAFKA_MSG_F_COPY,
                             payload.data(),
                             payload.size(),
                             nullptr,
                             0,
                             nullptr) != 0) {
            fail("producing to " + topic, rd_kafka_err2str(rd_kafka_last_error()));
        }
    }
    check(rd_kafka_flush(producer, request_timeout_ms), "producing to " + topic);
}

}  // namespace

KafkaFixtureData::KafkaFixtureData(std::string bootstrap_servers)
    : bootstrap_servers_(std::move(bootstrap_servers)),
      producer_(make_handle(RD_KAFKA_PRODUCER, {{"linger.ms", "0"}})) {
    create_offsets_topic();
}

RdKafka KafkaFixtureData::make_handle(rd_kafka_type_t type, Settings settings) const {
    settings.emplace_back("bootstrap.servers", bootstrap_servers_);
    // The defaults wait up to a second where a broker on loopback answers within a millisecond.
    settings.emplace_back("topic.metadata.refresh.fast.interval.ms", "20");
    settings.emplace_back("log_level", "3");  // errors; a fresh broker causes warnings
    Conf conf(rd_kafka_conf_new());
    std::array<char, 512> error{};
    for (const auto& [key, value] : settings) {
        if (rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), error.data(), error.size()) !=
            RD_KAFKA_CONF_OK) {
            fail("setting " + key, error.data());
        }
    }
    RdKafka handle(rd_kafka_new(type, conf.get(), error.data(), error.size()));
    if (!handle) {
        fail("making a client", error.data());
    }
    static_cast<void>(conf.release());
    return handle;
}

/// A fresh broker has no __consumer_offsets; the first look-up of a coordinator makes it.
void KafkaFixtureData::create_offsets_topic() {
    const RdKafka consumer = make_handle(RD_KAFKA_CONSUMER, {{"group.id", "nobody"}});
    const PartitionList list = make_list({{"no-such-topic", 0, 0}});
    retry_until("finding a group coordinator", [&] {
        return rd_kafka_committed(consumer.get(), list.get(), 1000) == RD_KAFKA_RESP_ERR_NO_ERROR;
    });
}

void KafkaFixtureData::create_topic(
    const std::string& topic,
    std::int32_t partitions,
    const std::vector<std::pair<std::string, std::string>>& settings,
    const std::vector<std::int32_t>& brokers) {
    const std::string what = "creating topic " + topic;
    std::array<char, 512> error{};
    const NewTopic new_topic(rd_kafka_NewTopic_new(
        topic.c_str(), partitions, brokers.empty() ? 1 : -1, error.data(), error.size()));
    if (!new_topic) {
        fail(what, error.data());
    }
    for (const auto& [key, value] : settings) {
        check(rd_kafka_NewTopic_set_config(new_topic.get(), key.c_str(), value.c_str()), what);
    }
    for (std::size_t i = 0; i < brokers.size(); ++i) {
        std::int32_t broker = brokers[i];
        check(rd_kafka_NewTopic_set_replica_assignment(new_topic.get(),
                                                       static_cast<std::int32_t>(i),
                                                       &broker,
                                                       1,
                                                       error.data(),
                                                       error.size()),
              what);
    }
    const Event event = request(producer_.get(), what, [&](const auto* options, auto* queue) {
        rd_kafka_NewTopic_t* item = new_topic.get();
        rd_kafka_CreateTopics(producer_.get(), &item, 1, options, queue);
    });
    std::size_t count = 0;
    const auto* const* results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(event.get()), &count);
    check(rd_kafka_topic_result_error(results[0]), what);
    wait_for_leaders(topic, partitions);
}

void KafkaFixtureData::delete_topic(const std::string& topic) {
    const std::string what = "deleting topic " + topic;
    const DeleteTopic deletion(rd_kafka_DeleteTopic_new(topic.c_str()));
    const Event event = request(producer_.get(), what, [&](const auto* options, auto* queue) {
        rd_kafka_DeleteTopic_t* item = deletion.get();
        rd_kafka_DeleteTopics(producer_.get(), &item, 1, options, queue);
    });
    std::size_t count = 0;
    const auto* const* results = rd_kafka_DeleteTopics_result_topics(
        rd_kafka_event_DeleteTopics_result(event.get()), &count);
    check(rd_kafka_topic_result_error(results[0]), what);
    retry_until(what, [&] {
        const rd_kafka_metadata_t* raw = nullptr;
        check(rd_kafka_metadata(producer_.get(), 1, nullptr, &raw, request_timeout_ms), what);
        const Metadata metadata(raw);
        for (int i = 0; i < metadata->topic_cnt; ++i) {
            if (topic == metadata->topics[i].topic) {
                return false;
            }
        }
        return true;
    });
}

void KafkaFixtureData::delete_group(const std::string& group) {
    const std::string what = "deleting group " + group;
    const DeleteGroup deletion(rd_kafka_DeleteGroup_new(group.c_str()));
    const Event event = request(producer_.get(), what, [&](const auto* options, auto* queue) {
        rd_kafka_DeleteGroup_t* item = deletion.get();
        rd_kafka_DeleteGroups(producer_.get(), &item, 1, options, queue);
    });
    std::size_t count = 0;
    const auto* const* results = rd_kafka_DeleteGroups_result_groups(
        rd_kafka_event_DeleteGroups_result(event.get()), &count);
    if (const auto* problem = rd_kafka_group_result_error(results[0]); problem != nullptr) {
        fail(what, rd_kafka_error_string(problem));
    }
}

void KafkaFixtureData::wait_for_leaders(const std::string& topic, std::int32_t partitions) {
    const TopicHandle handle(rd_kafka_topic_new(producer_.get(), topic.c_str(), nullptr));
    retry_until("waiting for the leaders of " + topic, [&] {
        const rd_kafka_metadata_t* raw = nullptr;
        check(rd_kafka_metadata(producer_.get(), 0, handle.get(), &raw, request_timeout_ms),
              "reading metadata");
        const Metadata metadata(raw);
        const rd_kafka_metadata_topic_t& found = metadata->topics[0];
        if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR || found.partition_cnt != partitions) {
            return false;
        }
        for (int i = 0; i < found.partition_cnt; ++i) {
            if (found.partitions[i].leader < 0) {
                return false;
            }
        }
        return true;
    });
}

void KafkaFixtureData::produce(const std::string& topic, std::int32_t partition, int count) {
    send_records(producer_.get(), topic, partition, count);
}

void KafkaFixtureData::delete_records(const std::string& topic,
                                      std::int32_t partition,
                                      std::int64_t offset) {
    const std::string what = "deleting records of " + topic;
    const PartitionList list = make_list({{topic, partition, offset}});
    const DeleteRecords records(rd_kafka_DeleteRecords_new(list.get()));
    const Event event = request(producer_.get(), what, [&](const auto* options, auto* queue) {
        rd_kafka_DeleteRecords_t* item = records.get();
        rd_kafka_DeleteRecords(producer_.get(), &item, 1, options, queue);
    });
    const auto* result =
        rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event.get()));
    check(result->elems[0].err, what);
}

void KafkaFixtureData::commit(const std::string& group, const std::vector<TopicOffset>& offsets) {
    const RdKafka consumer =
        make_handle(RD_KAFKA_CONSUMER, {{"group.id", group}, {"enable.auto.commit", "false"}});
    const PartitionList list = make_list(offsets);
    check(rd_kafka_commit(consumer.get(), list.get(), 0), "committing for group " + group);
    for (int i = 0; i < list->cnt; ++i) {
        check(list->elems[i].err, "committing for group " + group);
    }
}

std::vector<RdKafka> KafkaFixtureData::join(const std::string& group,
                                            const std::string& topic,
                                            std::int32_t partitions,
                                            const std::vector<std::string>& client_ids) {
    const PartitionList topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    std::vector<RdKafka> members;
    for (const std::string& client_id : client_ids) {
        members.push_back(make_handle(RD_KAFKA_CONSUMER,
                                      {{"group.id", group},
                                       {"client.id", client_id},
                                       {"enable.auto.commit", "false"},
                                       {"heartbeat.interval.ms", "100"}}));
        check(rd_kafka_poll_set_consumer(members.back().get()), "joining group " + group);
        check(rd_kafka_subscribe(members.back().get(), topics.get()), "joining group " + group);
    }
    retry_until("joining group " + group, [&] {
        int owned = 0;
        for (const RdKafka& member : members) {
            const Message ignored(rd_kafka_consumer_poll(member.get(), poll_ms));
            rd_kafka_topic_partition_list_t* raw = nullptr;
            check(rd_kafka_assignment(member.get(), &raw), "joining group " + group);
            owned += PartitionList(raw)->cnt;
        }
        return owned == partitions;
    });
    return members;
}

RdKafka KafkaFixtureData::open_transaction(const std::string& topic,
                                           std::int32_t partition,
                                           int count) {
    const std::string what = "opening a transaction on " + topic;
    RdKafka producer = make_handle(
        RD_KAFKA_PRODUCER,
        {{"transactional.id", topic + "-writer"}, {"transaction.timeout.ms", "600000"}});
    check(KafkaError(rd_kafka_init_transactions(producer.get(), request_timeout_ms)), what);
    check(KafkaError(rd_kafka_begin_transaction(producer.get())), what);
    send_records(producer.get(), topic, partition, count);
    return producer;
}

void KafkaFixtureData::allow_describe(const std::string& user,
                                      rd_kafka_ResourceType_t type,
                                      const std::string& name) {
    const std::string what = fmt::format("allowing {} to describe {}", user, name);
    std::array<char, 512> error{};
    const AclBinding binding(rd_kafka_AclBinding_new(type,
                                                     name.c_str(),
                                                     RD_KAFKA_RESOURCE_PATTERN_LITERAL,
                                                     ("User:" + user).c_str(),
                                                     "*",
                                                     RD_KAFKA_ACL_OPERATION_DESCRIBE,
                                                     RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW,
                                                     error.data(),
                                                     error.size()));
    if (!binding) {
        fail(what, error.data());
    }
    const Event event = request(producer_.get(), what, [&](const auto* options, auto* queue) {
        rd_kafka_AclBinding_t* item = binding.get();
        rd_kafka_CreateAcls(producer_.get(), &item, 1, options, queue);
    });
    std::size_t count = 0;
    const auto* const* results =
        rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event.get()), &count);
    if (const auto* problem = rd_kafka_acl_result_error(results[0]); problem != nullptr) {
        fail(what, rd_kafka_error_string(problem));
    }
}

}  // namespace caretaker::testing
