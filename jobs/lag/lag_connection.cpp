// SPDX-License-Identifier: Apache-2.0
// The order in which places that name client properties win over each other.
#include "jobs/lag/lag_connection.hpp"

#include "common/base/error.hpp"
#include "common/clients/kafka_settings.hpp"
#include "common/config/settings.hpp"
#include "common/kafka/kafka_properties.hpp"
#include "common/kafka/rdkafka_client.hpp"

#include <fmt/format.h>

namespace caretaker {

KafkaOptions load_kafka_options(const Settings& settings,
                                std::string_view target,
                                const LagConnectionFlags& flags) {
    KafkaOptions options;
    if (!target.empty()) {
        options = load_kafka_target(settings, target);
    }
    if (!flags.properties_file.empty()) {
        const auto properties = load_kafka_properties_file(flags.properties_file);
        options.properties.insert(options.properties.end(), properties.begin(), properties.end());
    }
    for (const std::string& property : flags.properties) {
        options.properties.push_back(parse_kafka_property(property));
    }
    if (!flags.bootstrap_servers.empty()) {
        options.properties.emplace_back("bootstrap.servers", flags.bootstrap_servers);
    }
    if (!names_kafka_brokers(options.properties)) {
        throw UsageError(fmt::format(
            "looking for the Kafka cluster{}: no broker is named; write --bootstrap-server "
            "HOST:9092, or in caretaker.yml: "
            "targets: {{{}: {{kafka: {{bootstrap_servers: [\"HOST:9092\"]}}}}}}",
            target.empty() ? std::string() : fmt::format(" of target {}", target),
            target.empty() ? "prod" : target));
    }
    check_kafka_properties(options.properties);
    return options;
}

bool names_kafka_cluster(const Settings& settings,
                         std::string_view target,
                         const LagConnectionFlags& flags) {
    const std::string section = fmt::format("targets.{}.kafka.", target);
    return !flags.bootstrap_servers.empty() || !flags.properties_file.empty() ||
           !settings.texts(section + "bootstrap_servers").empty() ||
           !settings.map(section + "properties").empty() ||
           !settings.text(section + "properties_file").empty();
}

}  // namespace caretaker
