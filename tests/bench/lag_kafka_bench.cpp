// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` beside Kafka's own ConsumerGroupCommand on a real broker, whole processes.
#include "tests/bench/whole_process.hpp"
#include "tests/engines/kafka_fixture_data.hpp"
#include "tests/engines/kafka_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <memory>

namespace caretaker::testing {
namespace {

constexpr const char* kafka_version = "4.3.1";
constexpr std::int32_t topics = 20;

/// One broker for both sides; made by the first benchmark that runs.
struct RealCluster {
    RealCluster(std::int32_t groups, std::int32_t partitions) {
        KafkaFixtureData data(server.bootstrap_servers());
        const std::int32_t per_topic = partitions / topics;
        std::vector<TopicOffset> offsets;
        for (std::int32_t t = 0; t < topics; ++t) {
            const std::string topic = fmt::format("logs-{:03}", t);
            data.create_topic(topic, per_topic);
            for (std::int32_t p = 0; p < per_topic; ++p) {
                data.produce(topic, p, 2);
                offsets.push_back({.topic = topic, .partition = p, .offset = 1});
            }
        }
        for (std::int32_t g = 0; g < groups; ++g) {
            data.commit(fmt::format("group-{:03}", g), offsets);
        }
    }

    KafkaServer server{kafka_version};
};

RealCluster& real_cluster(const benchmark::State& state) {
    static std::unique_ptr<RealCluster> cluster;
    static std::pair<std::int64_t, std::int64_t> shape;
    if (!cluster || shape != std::pair(state.range(0), state.range(1))) {
        cluster.reset();
        cluster = std::make_unique<RealCluster>(static_cast<std::int32_t>(state.range(0)),
                                                static_cast<std::int32_t>(state.range(1)));
        shape = {state.range(0), state.range(1)};
    }
    return *cluster;
}

/// Arguments: groups, partitions of each.
void real_kafka_caretaker(benchmark::State& state) {
    const RealCluster& cluster = real_cluster(state);
    const TempDir folder;
    run_whole_process(state,
                      {.argv = {CARETAKER_BINARY,
                                "lag",
                                "--bootstrap-server",
                                cluster.server.bootstrap_servers(),
                                "--store",
                                (folder.path() / "caretaker.db").string(),
                                "--by",
                                "partition",
                                "-o",
                                "csv",
                                "-q"},
                       .out = Output::file("/dev/null")});
}

void real_kafka_consumer_group_command(benchmark::State& state) {
    const RealCluster& cluster = real_cluster(state);
    Command command = cluster.server.distribution().java(
        {"-XX:TieredStopAtLevel=1"},
        "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
        {"--bootstrap-server", cluster.server.bootstrap_servers(), "--describe", "--all-groups"});
    command.out = Output::file("/dev/null");
    command.err = Output::file("/dev/null");
    run_whole_process(state, command);
}

BENCHMARK(real_kafka_caretaker)
    ->ArgNames({"groups", "partitions"})
    ->Args({100, 1000})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(10);

BENCHMARK(real_kafka_consumer_group_command)
    ->ArgNames({"groups", "partitions"})
    ->Args({100, 1000})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);

}  // namespace
}  // namespace caretaker::testing
