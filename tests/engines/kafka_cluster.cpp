// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/kafka_cluster.hpp"

#include "tests/support/free_port.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace caretaker::testing {

namespace {

constexpr std::chrono::minutes start_timeout{2};

/// Comes after the basic properties: the last line of a key holds.
constexpr const char* cluster_properties = R"(offsets.topic.num.partitions=6
broker.heartbeat.interval.ms=300
broker.session.timeout.ms=2000
)";

std::size_t index_of(int node) {
    return static_cast<std::size_t>(node - 1);
}

}  // namespace

KafkaCluster::KafkaCluster(const std::string& version) : distribution_(version) {
    const auto ports = free_tcp_ports(nodes + 1);
    controller_port_ = ports[nodes];
    for (int node = 1; node <= nodes; ++node) {
        ports_[index_of(node)] = ports[index_of(node)];
        std::filesystem::copy(distribution_.formatted_data(node),
                              folder_.path() / fmt::format("data-{}", node));
        launch(node);
    }
    for (int node = 1; node <= nodes; ++node) {
        wait_until_started(node);
    }
}

void KafkaCluster::launch(int node) {
    const std::uint16_t port = ports_[index_of(node)];
    const auto properties = folder_.path() / fmt::format("server-{}.properties", node);
    std::ofstream file(properties);
    file << basic_broker_properties(
        port, controller_port_, folder_.path() / fmt::format("data-{}", node));
    if (node != 1) {
        file << further_broker_properties(node, port);
    }
    file << cluster_properties;
    file.close();
    std::vector<std::string> flags = broker_jvm_flags();
    flags.push_back("-XX:SharedArchiveFile=" + distribution_.class_archive().string());
    brokers_[index_of(node)] = std::make_unique<ChildProcess>(
        distribution_.java(flags, "kafka.Kafka", {properties.string()}));
}

void KafkaCluster::wait_until_started(int node) const {
    const ChildProcess& broker = *brokers_[index_of(node)];
    if (!broker.wait_for_output("Kafka Server started", start_timeout)) {
        throw std::runtime_error(fmt::format("node {} of Apache Kafka {} does not start:\n{}{}",
                                             node,
                                             distribution_.version(),
                                             broker.out(),
                                             broker.err()));
    }
}

std::string KafkaCluster::bootstrap_servers() const {
    return fmt::format("{},{},{}", bootstrap_server(1), bootstrap_server(2), bootstrap_server(3));
}

std::string KafkaCluster::bootstrap_server(int node) const {
    return fmt::format("127.0.0.1:{}", ports_[index_of(node)]);
}

void KafkaCluster::start(int node) {
    launch(node);
    wait_until_started(node);
}

void KafkaCluster::kill(int node) {
    brokers_[index_of(node)]->kill();
}

void KafkaCluster::stop(int node) const {
    brokers_[index_of(node)]->signal(SIGSTOP);
}

void KafkaCluster::resume(int node) const {
    brokers_[index_of(node)]->signal(SIGCONT);
}

}  // namespace caretaker::testing
