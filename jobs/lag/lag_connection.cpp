// SPDX-License-Identifier: Apache-2.0
// The order in which places that name client properties win over each other.
#include "jobs/lag/lag_connection.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"
#include "common/config/text_file.hpp"
#include "common/kafka/kafka_properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace caretaker {

namespace {

constexpr std::string_view servers_key = "bootstrap.servers";
constexpr std::size_t largest_file = 1 << 20;

void append(std::vector<KafkaProperty>& properties, const std::vector<KafkaProperty>& more) {
    properties.insert(properties.end(), more.begin(), more.end());
}

std::vector<KafkaProperty> load_properties(const std::string& path) {
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

KafkaOptions load_target_options(const Settings& settings, std::string_view target) {
    const std::string section = fmt::format("targets.{}.kafka.", target);
    KafkaOptions options{.connect_timeout = settings.duration(section + "connect_timeout"),
                         .request_timeout = settings.duration(section + "request_timeout")};
    std::vector<KafkaProperty>& properties = options.properties;
    const std::vector<std::string> servers = settings.texts(section + "bootstrap_servers");
    if (!servers.empty()) {
        properties.emplace_back(servers_key, fmt::format("{}", fmt::join(servers, ",")));
    }
    append(properties, settings.map(section + "properties"));
    if (const std::string file = settings.text(section + "properties_file"); !file.empty()) {
        append(properties, load_properties(file));
    }
    return options;
}

bool names_brokers(const KafkaProperty& property) {
    const auto& [key, value] = property;
    return (key == servers_key || key == "metadata.broker.list") && !value.empty();
}

}  // namespace

KafkaOptions load_kafka_options(const Settings& settings,
                                std::string_view target,
                                const LagConnectionFlags& flags) {
    KafkaOptions options;
    if (!target.empty()) {
        options = load_target_options(settings, target);
    }
    if (!flags.properties_file.empty()) {
        append(options.properties, load_properties(flags.properties_file));
    }
    for (const std::string& property : flags.properties) {
        options.properties.push_back(parse_kafka_property(property));
    }
    if (!flags.bootstrap_servers.empty()) {
        options.properties.emplace_back(servers_key, flags.bootstrap_servers);
    }
    if (std::ranges::none_of(options.properties, names_brokers)) {
        throw UsageError(fmt::format(
            "looking for the Kafka cluster{}: no broker is named; write --bootstrap-server "
            "HOST:9092, or in caretaker.yml: "
            "targets: {{{}: {{kafka: {{bootstrap_servers: \"HOST:9092\"}}}}}}",
            target.empty() ? std::string() : fmt::format(" of target {}", target),
            target.empty() ? "prod" : target));
    }
    return options;
}

}  // namespace caretaker
