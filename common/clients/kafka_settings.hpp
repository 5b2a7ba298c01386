// SPDX-License-Identifier: Apache-2.0
// From the settings of a target's Kafka cluster to the options of its client.
#pragma once

#include "common/config/value_rule.hpp"
#include "common/kafka/kafka.hpp"
#include "common/kafka/kafka_properties.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Settings;

/// The keys targets.<target>.kafka.*: the servers first, then `properties`, then those of
/// `properties_file`; a later property wins. Throws UsageError for a file that cannot be used.
KafkaOptions load_kafka_target(const Settings& settings, std::string_view target);

/// The client properties that a file of key=value lines holds. Throws UsageError.
std::vector<KafkaProperty> load_kafka_properties_file(const std::string& path);

/// Whether a property of these says where the brokers are.
bool names_kafka_brokers(const std::vector<KafkaProperty>& properties);

/// What the values of the keys targets.*.kafka.* must be. What stands in `properties_file` is no
/// part of it: that file need not be on the host where a configuration is checked.
std::vector<ValueRule> kafka_value_rules();

}  // namespace caretaker
