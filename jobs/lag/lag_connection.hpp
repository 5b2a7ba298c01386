// SPDX-License-Identifier: Apache-2.0
// How the Kafka cluster of a run is reached: settings of the target, properties files and flags in
// one.
#pragma once

#include "common/kafka/kafka.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Settings;

struct LagConnectionFlags {
    std::string bootstrap_servers{};
    std::string properties_file{};
    std::vector<std::string> properties{};  // key=value
};

/// The client properties of `target` (may be empty), weakest first: targets.<target>.kafka with its
/// bootstrap_servers and properties, its properties_file, then the flags --properties, -X and
/// --bootstrap-server. Reads the files.
/// Throws UsageError when a file cannot be read or understood, when no broker is named anywhere,
/// and for what the client library would refuse.
KafkaOptions load_kafka_options(const Settings& settings,
                                std::string_view target,
                                const LagConnectionFlags& flags);

/// Whether a cluster is named for `target`, by its settings or by the flags, so that
/// load_kafka_options() may be expected to find one. Reads no file.
bool names_kafka_cluster(const Settings& settings,
                         std::string_view target,
                         const LagConnectionFlags& flags);

}  // namespace caretaker
