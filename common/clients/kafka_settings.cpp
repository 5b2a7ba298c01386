// SPDX-License-Identifier: Apache-2.0
#include "common/clients/kafka_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"
#include "common/config/text_file.hpp"
#include "common/kafka/bootstrap_servers.hpp"
#include "common/kafka/rdkafka_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace caretaker {

namespace {

constexpr std::size_t largest_file = 1 << 20;

void append(std::vector<KafkaProperty>& properties, const std::vector<KafkaProperty>& more) {
    properties.insert(properties.end(), more.begin(), more.end());
}

/// Whether any target may log in by SASL. What stands in a file of properties is not known.
bool may_use_sasl(const Settings& settings) {
    return std::ranges::any_of(settings.targets(), [&](const std::string& target) {
        const std::string section = fmt::format("targets.{}.kafka.", target);
        return !settings.text(section + "properties_file").empty() ||
               std::ranges::any_of(settings.map(section + "properties"),
                                   [](const KafkaProperty& property) {
                                       return property.first == "security.protocol";
                                   });
    });
}

}  // namespace

std::vector<KafkaProperty> load_kafka_properties_file(const std::string& path) {
    TextFile file = read_text_file(path, largest_file);
    if (file.error.empty() && file.text.size() > largest_file) {
        file.error = "it is larger than 1 MiB, so it is something else";
    }
    if (!file.error.empty()) {
        throw UsageError(
            fmt::format("reading the Kafka properties {}: {}; check the path and its permissions",
                        path,
                        file.error));
    }
    return parse_kafka_properties(file.text, path);
}

KafkaOptions load_kafka_target(const Settings& settings, std::string_view target) {
    const std::string section = fmt::format("targets.{}.kafka.", target);
    KafkaOptions options{.connect_timeout = settings.duration(section + "connect_timeout"),
                         .request_timeout = settings.duration(section + "request_timeout"),
                         .keeps_sasl_plugins = may_use_sasl(settings)};
    std::vector<KafkaProperty>& properties = options.properties;
    const std::vector<std::string> servers = settings.texts(section + "bootstrap_servers");
    if (!servers.empty()) {
        properties.emplace_back("bootstrap.servers", fmt::format("{}", fmt::join(servers, ",")));
    }
    append(properties, settings.map(section + "properties"));
    if (const std::string file = settings.text(section + "properties_file"); !file.empty()) {
        append(properties, load_kafka_properties_file(file));
    }
    return options;
}

bool names_kafka_brokers(const std::vector<KafkaProperty>& properties) {
    return std::ranges::any_of(properties, [](const KafkaProperty& property) {
        const auto& [key, value] = property;
        return (key == "bootstrap.servers" || key == "metadata.broker.list") && !value.empty();
    });
}

std::vector<ValueRule> kafka_value_rules() {
    return {{.key = "targets.*.kafka.bootstrap_servers",
             .problem = [](auto text, auto) { return bootstrap_servers_problem(text); }},
            {.key = "targets.*.kafka.properties", .problem = [](auto text, auto name) {
                 return kafka_property_problem(std::string(name), std::string(text));
             }}};
}

}  // namespace caretaker
