// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` beside other clients on a real broker, whole processes: Kafka's own
// ConsumerGroupCommand, `kcat -L`, and a batched script on confluent-kafka. The latter two are left
// out where they are not installed; CARETAKER_BENCH_PYTHON names a Python that has confluent-kafka.
#include "tests/bench/whole_process.hpp"
#include "tests/engines/kafka_fixture_data.hpp"
#include "tests/engines/kafka_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr const char* kafka_version = "4.3.1";
constexpr std::int32_t topics = 20;

/// `partitions` over all topics, the first topics having one more where it does not come out even.
/// Each group commits on all of them.
struct RealCluster {
    RealCluster(std::int32_t groups, std::int32_t partitions) {
        KafkaFixtureData data(server.bootstrap_servers());
        std::vector<TopicOffset> offsets;
        for (std::int32_t t = 0; t < topics; ++t) {
            const std::int32_t count = partitions / topics + (t < partitions % topics ? 1 : 0);
            if (count == 0) {
                continue;
            }
            const std::string topic = fmt::format("logs-{:03}", t);
            data.create_topic(topic, count);
            for (std::int32_t p = 0; p < count; ++p) {
                data.produce(topic, p, 2);
                offsets.push_back({.topic = topic, .partition = p, .offset = 1});
            }
        }
        for (std::int32_t g = 0; g < groups; ++g) {
            data.commit(fmt::format("group-{:04}", g), offsets);
        }
    }

    KafkaServer server{kafka_version};
};

/// The same one for benchmarks of one shape that follow each other.
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

void measure_beside(benchmark::State& state, Command command) {
    command.out = Output::file("/dev/null");
    command.err = Output::file("/dev/null");
    run_whole_process(state, command);
}

bool has(const Command& probe) {
    return run_command({.argv = {"sh", "-c", "command -v \"$0\" >/dev/null", probe.argv.front()}})
                   .status.code == 0 &&
           run_command(probe).status.code == 0;
}

/// Arguments: groups, partitions of each.
void real_kafka_caretaker(benchmark::State& state) {
    const RealCluster& cluster = real_cluster(state);
    const TempDir folder;
    const Command command{.argv = {CARETAKER_BINARY,
                                   "lag",
                                   "--bootstrap-server",
                                   cluster.server.bootstrap_servers(),
                                   "--store",
                                   (folder.path() / "caretaker.db").string(),
                                   "--no-statsd",
                                   "--by",
                                   "partition",
                                   "-o",
                                   "csv",
                                   "-q"},
                          .out = Output::file("/dev/null")};
    run_command(command);  // makes the store
    run_whole_process(state, command);
}

void real_kafka_consumer_group_command(benchmark::State& state) {
    const RealCluster& cluster = real_cluster(state);
    measure_beside(state,
                   cluster.server.distribution().java(
                       {"-XX:TieredStopAtLevel=1"},
                       "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
                       {"--bootstrap-server",
                        cluster.server.bootstrap_servers(),
                        "--describe",
                        "--all-groups"}));
}

void real_kafka_kcat(benchmark::State& state) {
    if (!has({.argv = {"kcat", "-V"}})) {
        state.SkipWithError("kcat is not installed");
        return;
    }
    const RealCluster& cluster = real_cluster(state);
    measure_beside(state, {.argv = {"kcat", "-L", "-b", cluster.server.bootstrap_servers()}});
}

void real_kafka_python(benchmark::State& state) {
    const char* named = std::getenv("CARETAKER_BENCH_PYTHON");
    const std::string python = named == nullptr ? "python3" : named;
    if (!has({.argv = {python, "-c", "from confluent_kafka.admin import OffsetSpec"}})) {
        state.SkipWithError("no Python with confluent-kafka 2.3; name one: CARETAKER_BENCH_PYTHON");
        return;
    }
    const RealCluster& cluster = real_cluster(state);
    measure_beside(state,
                   {.argv = {python,
                             CARETAKER_SOURCE_DIR "/tests/bench/lag_batched.py",
                             cluster.server.bootstrap_servers()}});
}

/// All that is compared on one shape, one after the other, so that they share its broker.
void add_shape(std::int64_t groups, std::int64_t partitions, int iterations) {
    const auto add = [&](const char* name, void (*run)(benchmark::State&), int times) {
        benchmark::RegisterBenchmark(name, run)
            ->ArgNames({"groups", "partitions"})
            ->Args({groups, partitions})
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond)
            ->Iterations(times);
    };
    add("real_kafka_caretaker", real_kafka_caretaker, iterations);
    if (groups == 5) {
        add("real_kafka_kcat", real_kafka_kcat, iterations);
    } else {
        add("real_kafka_python", real_kafka_python, iterations);
    }
    add("real_kafka_consumer_group_command", real_kafka_consumer_group_command, 3);
}

[[maybe_unused]] const bool registered = [] {
    add_shape(5, 50, 30);
    add_shape(100, 50, 20);
    add_shape(100, 1'000, 10);
    add_shape(1'000, 10, 10);
    return true;
}();

}  // namespace
}  // namespace caretaker::testing
