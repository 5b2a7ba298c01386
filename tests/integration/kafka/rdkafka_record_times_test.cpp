// SPDX-License-Identifier: Apache-2.0
// The times of single records, over librdkafka's own mock cluster: the sandbox's brokers keep no
// records.
#include "common/base/handle.hpp"
#include "common/base/stop_signal.hpp"
#include "common/kafka/connection_closer.hpp"
#include "common/kafka/rdkafka_client.hpp"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using RdKafka = std::unique_ptr<rd_kafka_t, Calls<rd_kafka_destroy>>;
using Failure = std::unique_ptr<rd_kafka_error_t, Calls<rd_kafka_error_destroy>>;
using MockCluster = std::unique_ptr<rd_kafka_mock_cluster_t, Calls<rd_kafka_mock_cluster_destroy>>;

RdKafka make_producer(const std::string& bootstrap_servers) {
    std::array<char, 256> error{};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(
        conf, "bootstrap.servers", bootstrap_servers.c_str(), error.data(), error.size());
    RdKafka handle(rd_kafka_new(RD_KAFKA_PRODUCER, conf, error.data(), error.size()));
    if (!handle) {
        throw std::runtime_error(error.data());
    }
    return handle;
}

/// One broker with the topic "t", whose only partition holds a record for each of the times.
class RecordTimes : public ::testing::Test {
 protected:
    RecordTimes() {
        const RdKafka producer = make_producer(rd_kafka_mock_cluster_bootstraps(cluster_.get()));
        rd_kafka_mock_topic_create(cluster_.get(), "t", 1, 1);
        for (const std::int64_t ms : {1'000, 2'000, 3'000}) {
            const std::array<rd_kafka_vu_t, 3> record{
                rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_TOPIC, .u = {.cstr = "t"}},
                rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_PARTITION, .u = {.i32 = 0}},
                rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u = {.i64 = ms}}};
            const Failure failure(rd_kafka_produceva(producer.get(), record.data(), record.size()));
            EXPECT_FALSE(failure);
        }
        EXPECT_EQ(rd_kafka_flush(producer.get(), 20'000), RD_KAFKA_RESP_ERR_NO_ERROR);
    }

    RdKafka owner_ = make_producer("127.0.0.1:1");  // of the mock cluster; it connects to nothing
    MockCluster cluster_{rd_kafka_mock_cluster_new(owner_.get(), 1)};
};

TEST_F(RecordTimes, AreThoseThatTheProducerGave) {
    const StopSignal stop;
    ConnectionCloser closer;
    const auto client = make_rdkafka_client(
        {.properties = {{"bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster_.get())}}},
        stop,
        closer);
    TopicNames names;
    static_cast<void>(client->fetch_metadata(names));
    const TopicId topic = names.intern("t");
    const std::vector<RecordRef> asked{
        {{topic, 0}, 2}, {{topic, 0}, 0}, {{topic, 9}, 0}, {{names.intern("gone"), 0}, 0}};
    const auto times = client->fetch_record_times(asked, names);
    ASSERT_EQ(times.size(), asked.size());
    EXPECT_EQ(times[0].at, WallTime(std::chrono::milliseconds(3'000)));
    EXPECT_EQ(times[1].at, WallTime(std::chrono::milliseconds(1'000)));
    EXPECT_EQ(times[2].failure, KafkaFailure::unknown_topic);
    EXPECT_EQ(times[3].failure, KafkaFailure::unknown_topic);
    EXPECT_TRUE(client->fetch_record_times({}, names).empty());
}

}  // namespace
}  // namespace caretaker::testing
