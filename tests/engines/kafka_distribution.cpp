// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/kafka_distribution.hpp"

#include "common/text/stable_hash.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <fstream>
#include <utility>

namespace caretaker::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto download_timeout = 10min;
constexpr auto tool_timeout = 2min;

std::string engine_name(const std::string& version) {
    return "Apache Kafka " + version;
}

void download_jars(const std::string& version, const std::filesystem::path& folder) {
    Command maven;
    maven.argv = {"mvn",
                  "--batch-mode",
                  "--quiet",
                  "--file=" CARETAKER_SOURCE_DIR "/tests/engines/kafka_pom.xml",
                  "-Dkafka.version=" + version,
                  "-DincludeScope=runtime",
                  "-DoutputDirectory=" + folder.string(),
                  "dependency:copy-dependencies"};
    const Finished finished = run_command(maven, download_timeout);
    if (finished.status.code != 0) {
        throw EngineUnavailable(fmt::format(
            "{}: mvn cannot download it:\n{}{}", engine_name(version), finished.out, finished.err));
    }
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    file.close();
    if (!file) {
        throw std::runtime_error("cannot write " + path.string());
    }
}

}  // namespace

std::span<const std::string_view> KafkaDistribution::versions() {
    static constexpr std::array<std::string_view, 2> all{"3.9.2", "4.3.1"};
    return all;
}

KafkaDistribution::KafkaDistribution(std::string version) : version_(std::move(version)) {
    require_programs(engine_name(version_), {"java", "mvn", "openssl"});
    jars_ = cached("kafka-" + version_,
                   [&](const std::filesystem::path& folder) { download_jars(version_, folder); });
    Command java;
    java.argv = {"java", "-version"};
    jvm_ = fmt::format("{:08x}", stable_hash(run_command(java).err) & 0xffff'ffffU);
}

Command KafkaDistribution::java(const std::vector<std::string>& flags,
                                const std::string& main_class,
                                const std::vector<std::string>& arguments) const {
    Command command;
    command.argv = {"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};
    command.argv.insert(command.argv.end(), flags.begin(), flags.end());
    command.argv.insert(command.argv.end(), {"-cp", jars_.string() + "/*", main_class});
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    return command;
}

Finished KafkaDistribution::run_tool(const std::string& main_class,
                                     const std::vector<std::string>& arguments) const {
    // Both names of the output's encoding: before JDK 19 it is file.encoding.
    return run_command(java({"-Xmx128m",
                             "-Dfile.encoding=UTF-8",
                             "-Dstdout.encoding=UTF-8",
                             "-Dsun.jnu.encoding=UTF-8",
                             "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"},
                            main_class,
                            arguments),
                       tool_timeout);
}

std::filesystem::path KafkaDistribution::formatted_data(int node) const {
    const std::string suffix = node == 1 ? std::string() : fmt::format("-node-{}", node);
    const std::string name = "kafka-" + version_ + "-formatted" + suffix;
    return cached(name, [&](const std::filesystem::path& folder) {
        const TempDir temporary;
        const auto properties = temporary.path() / "server.properties";
        // The ports are not kept in the formatted folder.
        write_file(properties,
                   basic_broker_properties(1, 2, folder) +
                       (node == 1 ? std::string() : further_broker_properties(node, 1)));
        std::vector<std::string> arguments{
            "format", "--cluster-id=AAAAAAAAQACAAAAAAAAAAQ", "--config=" + properties.string()};
        if (!version_.starts_with("2.")) {
            arguments.push_back(fmt::format(
                "--add-scram=SCRAM-SHA-256=[name={},password={}]", scram_user, scram_password));
        }
        const Finished finished = run_tool("kafka.tools.StorageTool", arguments);
        if (finished.status.code != 0) {
            throw std::runtime_error(fmt::format("formatting a data folder for {}:\n{}{}",
                                                 engine_name(version_),
                                                 finished.out,
                                                 finished.err));
        }
    });
}

std::filesystem::path KafkaDistribution::class_archive() const {
    const std::string name = fmt::format("kafka-{}-{}.jsa", version_, jvm_);
    return cached(name, [&](const std::filesystem::path& archive) {
        const TempDir temporary;
        const auto data = temporary.path() / "data";
        const auto properties = temporary.path() / "server.properties";
        std::filesystem::copy(formatted_data(), data);
        const auto ports = free_tcp_ports(2);
        write_file(properties, basic_broker_properties(ports[0], ports[1], data));
        std::vector<std::string> flags = broker_jvm_flags();
        flags.push_back("-XX:ArchiveClassesAtExit=" + archive.string());
        ChildProcess broker(java(flags, "kafka.Kafka", {properties.string()}));
        const bool started = broker.wait_for_output("Kafka Server started", tool_timeout);
        broker.signal(SIGTERM);
        broker.wait(tool_timeout);
        if (!started || !std::filesystem::exists(archive)) {
            throw std::runtime_error(fmt::format("making a class archive for {}:\n{}{}",
                                                 engine_name(version_),
                                                 broker.out(),
                                                 broker.err()));
        }
    });
}

std::string further_broker_properties(int node, std::uint16_t broker_port) {
    return fmt::format(R"(process.roles=broker
node.id={node}
listeners=PLAINTEXT://127.0.0.1:{port}
)",
                       fmt::arg("node", node),
                       fmt::arg("port", broker_port));
}

std::vector<std::string> broker_jvm_flags() {
    return {"-Xms96m",
            "-Xmx96m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info"};
}

std::string basic_broker_properties(std::uint16_t broker_port,
                                    std::uint16_t controller_port,
                                    const std::filesystem::path& data) {
    return fmt::format(R"(process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
# The default of 128 MB does not fit into the small heap.
log.cleaner.dedupe.buffer.size=1048577
log.index.size.max.bytes=65536
log.retention.check.interval.ms=1000
log.segment.delete.delay.ms=0
# A group whose topics are gone ends within a second instead of 10 minutes.
offsets.retention.check.interval.ms=1000
)",
                       fmt::arg("broker", broker_port),
                       fmt::arg("controller", controller_port),
                       fmt::arg("data", data.string()));
}

}  // namespace caretaker::testing
