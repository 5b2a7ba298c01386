// SPDX-License-Identifier: Apache-2.0
// The KafkaClient that asks a real cluster, through librdkafka's C API (2.0 or later).
#pragma once

#include "common/kafka/kafka.hpp"
#include "common/kafka/kafka_properties.hpp"

#include <memory>
#include <span>
#include <string>

namespace caretaker {

class ConnectionCloser;
class StopSignal;

/// Connects on the first fetch_metadata. `stop` and `closer` must live as long as the client; its
/// end leaves the connection to `closer`. Never subscribes, commits or creates anything; properties
/// that would make it do so have no effect.
std::unique_ptr<KafkaClient> make_rdkafka_client(const KafkaOptions& options,
                                                 const StopSignal& stop,
                                                 ConnectionCloser& closer);

/// Throws UsageError where no client can be made of `properties`, without connecting.
void check_kafka_properties(std::span<const KafkaProperty> properties);

/// What is wrong with one of them, and what to do; empty when nothing is. Quotes no secret, and
/// looks at no file.
std::string kafka_property_problem(const std::string& key, const std::string& value);

/// "librdkafka VERSION (FEATURES)", of the library in use, which may be newer than its headers.
std::string kafka_library_version();

/// The library's own description of all client properties, as it prints it (Markdown).
std::string kafka_property_table();

}  // namespace caretaker
