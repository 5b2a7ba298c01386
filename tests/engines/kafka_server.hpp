// SPDX-License-Identifier: Apache-2.0
// A real Apache Kafka broker in KRaft mode for the life of a test suite.
#pragma once

#include "tests/engines/kafka_distribution.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace caretaker::testing {

/// The user that the broker knows for SASL/PLAIN.
inline constexpr std::string_view plain_user = "reader";
inline constexpr std::string_view plain_password = "r-secret";

/// One broker on loopback ports of the kernel's choice, with its data in a temporary folder. The
/// plain listener may do everything; the SASL_SSL listener's users only what an access list allows
/// them.
class KafkaServer {
 public:
    /// Returns when the broker answers. Throws EngineUnavailable when this version cannot be had,
    /// std::runtime_error with the broker's log when it does not start.
    explicit KafkaServer(const std::string& version);

    [[nodiscard]] const KafkaDistribution& distribution() const { return distribution_; }

    /// "127.0.0.1:PORT"
    [[nodiscard]] std::string bootstrap_servers() const;
    [[nodiscard]] std::string secured_bootstrap_servers() const;

    /// The PEM file that a client of the secured listener trusts.
    [[nodiscard]] const std::filesystem::path& authority() const { return authority_; }

 private:
    bool try_start(const std::filesystem::path& server_certificate);

    KafkaDistribution distribution_;
    TempDir folder_;
    std::filesystem::path authority_;
    std::uint16_t port_ = 0;
    std::uint16_t secured_port_ = 0;
    std::string log_;
    std::unique_ptr<ChildProcess> broker_;
};

}  // namespace caretaker::testing
