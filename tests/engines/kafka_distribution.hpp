// SPDX-License-Identifier: Apache-2.0
// Apache Kafka as it lies in the cache: its jars, a formatted data folder and a class archive.
#pragma once

#include "tests/support/child_process.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::testing {

/// The user that a formatted data folder knows for SCRAM-SHA-256, from Kafka 3 on.
inline constexpr std::string_view scram_user = "scram-reader";
inline constexpr std::string_view scram_password = "s-secret";

class KafkaDistribution {
 public:
    /// The versions that the tests run.
    static std::span<const std::string_view> versions();

    /// Downloads what the cache does not have. Throws EngineUnavailable when that is impossible.
    explicit KafkaDistribution(std::string version);

    [[nodiscard]] const std::string& version() const { return version_; }

    /// `java` with this Kafka's classes, `flags` for the JVM, and the main class with its
    /// arguments.
    [[nodiscard]] Command java(const std::vector<std::string>& flags,
                               const std::string& main_class,
                               const std::vector<std::string>& arguments) const;

    /// Runs one of Kafka's own tools to its end.
    [[nodiscard]] Finished run_tool(const std::string& main_class,
                                    const std::vector<std::string>& arguments) const;

    /// An empty data folder, to be copied: of node 1, a combined broker and controller, or of a
    /// further node, a broker alone.
    [[nodiscard]] std::filesystem::path formatted_data(int node = 1) const;

    /// Makes a broker start in half the time; belongs to these jars and to the installed JVM.
    [[nodiscard]] std::filesystem::path class_archive() const;

 private:
    std::string version_;
    std::filesystem::path jars_;
    std::string jvm_;
};

/// The lines of server.properties that every broker of the tests has, whatever its version.
std::string basic_broker_properties(std::uint16_t broker_port,
                                    std::uint16_t controller_port,
                                    const std::filesystem::path& data);

/// What a broker of that node, which is no controller, has in their place; to be added.
std::string further_broker_properties(int node, std::uint16_t broker_port);

/// JVM flags for a small and quickly started broker.
std::vector<std::string> broker_jvm_flags();

}  // namespace caretaker::testing
