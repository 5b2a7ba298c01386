// SPDX-License-Identifier: Apache-2.0
// A real Apache Kafka broker in KRaft mode for the life of a test suite.
#pragma once

#include "tests/engines/kafka_distribution.hpp"
#include "tests/engines/tls_files.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace caretaker::testing {

class KerberosRealm;

/// The user that the broker knows for SASL/PLAIN.
inline constexpr std::string_view plain_user = "reader";
inline constexpr std::string_view plain_password = "r-secret";

/// One broker on loopback ports of the kernel's choice, with its data in a temporary folder. The
/// plain listener may do everything; users of the others only what an access list allows them.
class KafkaServer {
 public:
    /// Returns when the broker answers. Throws EngineUnavailable when this version cannot be had,
    /// std::runtime_error with the broker's log when it does not start. `realm`, which outlives
    /// this: whose users the listener for Kerberos lets in; without one there is none.
    explicit KafkaServer(const std::string& version, const KerberosRealm* realm = nullptr);

    [[nodiscard]] const KafkaDistribution& distribution() const { return distribution_; }

    /// "127.0.0.1:PORT"
    [[nodiscard]] std::string bootstrap_servers() const;
    /// SASL_SSL, by PLAIN or SCRAM-SHA-256.
    [[nodiscard]] std::string secured_bootstrap_servers() const;
    /// SSL, for clients with a certificate.
    [[nodiscard]] std::string certified_bootstrap_servers() const;
    /// SASL_PLAINTEXT by OAUTHBEARER, with tokens that nobody signed.
    [[nodiscard]] std::string token_bootstrap_servers() const;

    /// SASL_PLAINTEXT by GSSAPI; the service is called "kafka".
    [[nodiscard]] std::string kerberos_bootstrap_servers() const;

    /// What clients of the listeners with TLS need.
    [[nodiscard]] const TlsFiles& certificates() const { return certificates_; }

 private:
    struct Ports {
        std::uint16_t plain = 0;
        std::uint16_t secured = 0;
        std::uint16_t certified = 0;
        std::uint16_t token = 0;
        std::uint16_t kerberos = 0;
        std::uint16_t controller = 0;
    };

    bool try_start();
    [[nodiscard]] std::string listener_properties() const;

    KafkaDistribution distribution_;
    const KerberosRealm* realm_;
    TempDir folder_;
    TlsFiles certificates_;
    Ports ports_;
    std::string log_;
    std::unique_ptr<ChildProcess> broker_;
};

}  // namespace caretaker::testing
