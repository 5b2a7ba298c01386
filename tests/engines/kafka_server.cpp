// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/kafka_server.hpp"

#include "tests/engines/tls_files.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace caretaker::testing {

namespace {

constexpr std::chrono::minutes start_timeout{2};

/// Comes after basic_broker_properties(): in a properties file the last line of a key holds.
std::string secured_properties(std::uint16_t port,
                               std::uint16_t secured_port,
                               std::uint16_t controller_port,
                               const std::filesystem::path& certificate) {
    return fmt::format(
        R"(listeners=PLAINTEXT://127.0.0.1:{port},SASL_SSL://127.0.0.1:{secured},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL_SSL://127.0.0.1:{secured}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location={certificate}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=false
)",
        fmt::arg("port", port),
        fmt::arg("secured", secured_port),
        fmt::arg("controller", controller_port),
        fmt::arg("user", plain_user),
        fmt::arg("password", plain_password),
        fmt::arg("certificate", certificate.string()));
}

}  // namespace

KafkaServer::KafkaServer(const std::string& version) : distribution_(version) {
    const TlsFiles certificates = make_tls_files(folder_.path());
    authority_ = certificates.authority;
    std::filesystem::copy(distribution_.formatted_data(), folder_.path() / "data");
    // Another process may take a port between our choice and the broker's start.
    constexpr int attempts = 3;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        if (try_start(certificates.server)) {
            return;
        }
    }
    throw std::runtime_error(
        fmt::format("Apache Kafka {} does not start:\n{}", distribution_.version(), log_));
}

bool KafkaServer::try_start(const std::filesystem::path& server_certificate) {
    const auto ports = free_tcp_ports(3);
    port_ = ports[0];
    secured_port_ = ports[1];
    const auto properties = folder_.path() / "server.properties";
    std::ofstream(properties) << basic_broker_properties(port_, ports[2], folder_.path() / "data")
                              << secured_properties(
                                     port_, secured_port_, ports[2], server_certificate);
    std::vector<std::string> flags = broker_jvm_flags();
    flags.push_back("-XX:SharedArchiveFile=" + distribution_.class_archive().string());
    broker_ = std::make_unique<ChildProcess>(
        distribution_.java(flags, "kafka.Kafka", {properties.string()}));
    if (broker_->wait_for_output("Kafka Server started", start_timeout)) {
        return true;
    }
    log_ = broker_->out() + broker_->err();
    broker_.reset();
    return false;
}

std::string KafkaServer::bootstrap_servers() const {
    return fmt::format("127.0.0.1:{}", port_);
}

std::string KafkaServer::secured_bootstrap_servers() const {
    return fmt::format("127.0.0.1:{}", secured_port_);
}

}  // namespace caretaker::testing
