// SPDX-License-Identifier: Apache-2.0
// The original StatsD server (npm package statsd), and what it made of the lines it was sent.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::testing {

/// Listens on loopback ports of the kernel's choice. It never flushes during a test, so that
/// everything received stays readable.
class StatsdServer {
 public:
    /// Returns when the server is ready. Throws EngineUnavailable when it cannot be had,
    /// std::runtime_error with its output when it does not start.
    StatsdServer();

    /// "127.0.0.1:PORT", UDP and TCP
    [[nodiscard]] std::string address() const;

    /// "[::1]:PORT", UDP; empty where this machine has no IPv6.
    [[nodiscard]] std::string address_v6() const;

    [[nodiscard]] std::map<std::string, double> counters() const;
    [[nodiscard]] std::map<std::string, double> gauges() const;
    [[nodiscard]] std::map<std::string, std::vector<double>> timers() const;

    /// Waits until the counter `name` exists, as lines sent over UDP arrive some time after the
    /// sender has ended. False when `timeout` passed before.
    [[nodiscard]] bool wait_for_counter(const std::string& name,
                                        std::chrono::milliseconds timeout) const;

 private:
    [[nodiscard]] bool wait_for_sockets() const;

    /// The answer of the management port to `request`, which ends with `END`.
    [[nodiscard]] std::string ask(std::string_view request) const;

    TempDir folder_;
    std::uint16_t port_ = 0;
    bool has_v6_ = false;
    std::uint16_t management_port_ = 0;
    std::unique_ptr<ChildProcess> server_;
};

/// The server's script, downloaded when the cache does not have it. Throws EngineUnavailable when
/// that is impossible.
std::filesystem::path statsd_program();

/// Reads the object notation that the management port prints: { name: 1, 'a.b': [ 1, 2 ] }.
/// Throws std::runtime_error for anything else.
std::map<std::string, std::vector<double>> parse_node_object(std::string_view text);

}  // namespace caretaker::testing
