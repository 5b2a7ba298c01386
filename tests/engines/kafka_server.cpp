// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/kafka_server.hpp"

#include "tests/engines/kerberos_realm.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace caretaker::testing {

namespace {

constexpr std::chrono::minutes start_timeout{2};

std::string on_loopback(std::uint16_t port) {
    return fmt::format("127.0.0.1:{}", port);
}

}  // namespace

KafkaServer::KafkaServer(const std::string& version, const KerberosRealm* realm)
    : distribution_(version), realm_(realm) {
    certificates_ = make_tls_files(folder_.path());
    std::filesystem::copy(distribution_.formatted_data(), folder_.path() / "data");
    // Another process may take a port between our choice and the broker's start.
    constexpr int attempts = 3;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        if (try_start()) {
            return;
        }
    }
    throw std::runtime_error(
        fmt::format("Apache Kafka {} does not start:\n{}", distribution_.version(), log_));
}

/// Comes after basic_broker_properties(): in a properties file the last line of a key holds.
std::string KafkaServer::listener_properties() const {
    std::string listeners = fmt::format("PLAINTEXT://{},SASL_SSL://{},CERTIFIED://{},TOKEN://{}",
                                        on_loopback(ports_.plain),
                                        on_loopback(ports_.secured),
                                        on_loopback(ports_.certified),
                                        on_loopback(ports_.token));
    if (realm_ != nullptr) {
        listeners += ",KERBEROS://" + on_loopback(ports_.kerberos);
    }
    std::string properties = fmt::format(
        R"(listeners={listeners},CONTROLLER://{controller}
advertised.listeners={listeners}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,CERTIFIED:SSL,TOKEN:SASL_PLAINTEXT,KERBEROS:SASL_PLAINTEXT
listener.name.sasl_ssl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.certified.ssl.client.auth=required
listener.name.certified.ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/
listener.name.token.sasl.enabled.mechanisms=OAUTHBEARER
listener.name.token.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
ssl.keystore.type=PEM
ssl.keystore.location={certificate}
ssl.truststore.type=PEM
ssl.truststore.location={authority}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=false
)",
        fmt::arg("listeners", listeners),
        fmt::arg("controller", on_loopback(ports_.controller)),
        fmt::arg("user", plain_user),
        fmt::arg("password", plain_password),
        fmt::arg("certificate", certificates_.server.string()),
        fmt::arg("authority", certificates_.authority.string()));
    if (realm_ != nullptr) {
        properties += fmt::format(
            R"(listener.name.kerberos.sasl.enabled.mechanisms=GSSAPI
listener.name.kerberos.sasl.kerberos.service.name=kafka
listener.name.kerberos.gssapi.sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true keyTab="{}" principal="{}";
)",
            realm_->keys().string(),
            kerberos_broker);
    }
    return properties;
}

bool KafkaServer::try_start() {
    const auto ports = free_tcp_ports(6);
    ports_ = {.plain = ports[0],
              .secured = ports[1],
              .certified = ports[2],
              .token = ports[3],
              .kerberos = ports[4],
              .controller = ports[5]};
    const auto properties = folder_.path() / "server.properties";
    std::ofstream(properties) << basic_broker_properties(
                                     ports_.plain, ports_.controller, folder_.path() / "data")
                              << listener_properties();
    std::vector<std::string> flags = broker_jvm_flags();
    flags.push_back("-XX:SharedArchiveFile=" + distribution_.class_archive().string());
    if (realm_ != nullptr) {
        flags.push_back("-Djava.security.krb5.conf=" + realm_->configuration().string());
    }
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
    return on_loopback(ports_.plain);
}

std::string KafkaServer::secured_bootstrap_servers() const {
    return on_loopback(ports_.secured);
}

std::string KafkaServer::certified_bootstrap_servers() const {
    return on_loopback(ports_.certified);
}

std::string KafkaServer::token_bootstrap_servers() const {
    return on_loopback(ports_.token);
}

std::string KafkaServer::kerberos_bootstrap_servers() const {
    return on_loopback(ports_.kerberos);
}

}  // namespace caretaker::testing
