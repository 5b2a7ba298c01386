// SPDX-License-Identifier: Apache-2.0
// Three real Kafka brokers, of which two can be stopped, killed and started again.
#pragma once

#include "tests/engines/kafka_distribution.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace caretaker::testing {

/// Nodes 1 to 3 on loopback; the first is also the controller. Everything has a single replica, the
/// partitions of __consumer_offsets too, so that each broker keeps what no other has. A broker that
/// does not answer leaves the metadata after two seconds.
class KafkaCluster {
 public:
    static constexpr int nodes = 3;

    /// Returns when all answer. Throws like KafkaServer.
    explicit KafkaCluster(const std::string& version);

    /// Of all three, also while one is down.
    [[nodiscard]] std::string bootstrap_servers() const;

    [[nodiscard]] std::string bootstrap_server(int node) const;

    /// Starts a broker that was killed; returns when it says that it has started.
    void start(int node);

    /// SIGKILL.
    void kill(int node);

    /// SIGSTOP, SIGCONT: it keeps its connections and answers nothing meanwhile.
    void stop(int node) const;
    void resume(int node) const;

    [[nodiscard]] const KafkaDistribution& distribution() const { return distribution_; }

 private:
    void launch(int node);
    void wait_until_started(int node) const;

    KafkaDistribution distribution_;
    TempDir folder_;
    std::array<std::uint16_t, nodes> ports_{};
    std::uint16_t controller_port_ = 0;
    std::array<std::unique_ptr<ChildProcess>, nodes> brokers_{};
};

}  // namespace caretaker::testing
