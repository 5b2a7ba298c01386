// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` against the oldest Kafka that runs without ZooKeeper, whose requests and tools
// are those of the years before.
#include "tests/engines/caretaker_run.hpp"
#include "tests/engines/consumer_group_oracle.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/kafka_distribution.hpp"
#include "tests/engines/kafka_fixture_data.hpp"
#include "tests/engines/lag_kafka_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr const char* version = "2.8.2";
constexpr std::chrono::minutes start_timeout{2};

class LagOldKafka : public ::testing::Test {
 protected:
    void SetUp() override {
        try {
            kafka_.emplace(version);
            std::filesystem::copy(kafka_->formatted_data(), folder_.path() / "data");
        } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
            report_unavailable(reason);
            return;
        }
        const auto ports = free_tcp_ports(2);
        address_ = fmt::format("127.0.0.1:{}", ports[0]);
        const auto properties = folder_.path() / "server.properties";
        std::ofstream(properties) << basic_broker_properties(
            ports[0], ports[1], folder_.path() / "data");
        broker_ = std::make_unique<ChildProcess>(
            kafka_->java(broker_jvm_flags(), "kafka.Kafka", {properties.string()}));
        ASSERT_TRUE(broker_->wait_for_output("Kafka Server started", start_timeout))
            << broker_->out() << broker_->err();
    }

    [[nodiscard]] CaretakerRun run(std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{
            "lag", "--bootstrap-server", address_, "--by", "partition", "--no-statsd"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_caretaker(arguments);
    }

    std::optional<KafkaDistribution> kafka_;
    TempDir folder_;
    std::string address_;
    std::unique_ptr<ChildProcess> broker_;
};

TEST_F(LagOldKafka, ShowsTheNumbersOfKafkasOwnTool) {
    constexpr std::int32_t partitions = 5;
    KafkaFixtureData data(address_);
    for (const std::string topic : {"app", "web"}) {
        data.create_topic(topic, partitions);
        for (std::int32_t partition = 0; partition < partitions; ++partition) {
            data.produce(topic, partition, 10 + partition);
        }
    }
    data.commit("both", {{"app", 0, 4}, {"app", 4, 14}, {"web", 1, 0}});
    data.commit("one", {{"web", 2, 12}});

    const CaretakerRun all = run();
    ASSERT_EQ(all.exit_code, 0) << all.err;
    const GroupDescription ours = rows_of(all.json());
    EXPECT_EQ(ours,
              parse_group_description(
                  kafka_
                      ->run_tool("kafka.admin.ConsumerGroupCommand",
                                 {"--bootstrap-server", address_, "--describe", "--all-groups"})
                      .out));
    EXPECT_EQ(ours.size(), 4U);

    const CaretakerRun named = run({"--group", "one"});
    ASSERT_EQ(named.exit_code, 0) << named.err;
    EXPECT_EQ(json_integer(only_row(named.json()), "lag"), 0);

    const CaretakerRun absent = run({"--group", "nobody"});
    EXPECT_EQ(absent.exit_code, 3) << absent.err;
}

TEST_F(LagOldKafka, CountsByTheTimesOfRecords) {
    KafkaFixtureData data(address_);
    data.create_topic("app", 1);
    data.produce("app", 0, 10);
    data.commit("g", {{"app", 0, 4}});
    const CaretakerRun run_of_sla = run({"--sla", "1h", "--exact", "app:0"});
    ASSERT_EQ(run_of_sla.exit_code, 0) << run_of_sla.err;
    const rapidjson::Document json = run_of_sla.json();
    EXPECT_GE(json_integer(only_row(json), "time_lag_ms"), 0);
    EXPECT_LT(json_integer(only_row(json), "time_lag_ms"), 3'600'000);
}

}  // namespace
}  // namespace caretaker::testing
