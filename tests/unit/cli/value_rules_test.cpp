// SPDX-License-Identifier: Apache-2.0
// What the layers' rules say of the values of a configuration.
#include "common/cli/value_rules.hpp"

#include "common/config/yaml_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

/// What a file holds that nothing can use, and nothing else that is wrong.
Texts doubts(const std::string& text) {
    const ParsedSettings parsed = parse_yaml_settings(text, "c.yml", all_value_rules({}));
    EXPECT_EQ(parsed.problems, std::vector<ConfigProblem>{}) << text;
    Texts lines;
    for (const DoubtfulValue& value : parsed.doubtful) {
        lines.push_back(value.problem.message);
    }
    return lines;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(ValueRules, AreAboutKeysThatThereAre) {
    for (const ValueRule& rule : all_value_rules({})) {
        const auto rows = key_table();
        EXPECT_TRUE(std::ranges::any_of(rows, [&](const KeySpec& spec) {
            return spec.path == rule.key;
        })) << rule.key;
    }
}

TEST(ValueRules, TakeTheDefaultsOfAllKeys) {
    for (const Setting* setting : Settings().all()) {
        EXPECT_EQ(find_element_problems(all_value_rules({}), *setting->spec, setting->value),
                  std::vector<ElementProblem>{})
            << setting->path;
    }
}

TEST(ValueRules, TakeWhatTheDocumentsShow) {
    EXPECT_EQ(doubts(R"(statsd: {address: "statsd.marathon.mesos:8125"}
dns: {server: "10.0.0.2:53"}
ping: {url: "https://hc-ping.com/key/{job}-{target}"}
outbox: {elasticsearch: {urls: ["http://es1:9200/"]}}
targets:
  prod:
    kafka: {bootstrap_servers: [kafka-1:9092, "SSL://[::1]:9093", kafka-3],
            properties: {security.protocol: sasl_ssl, sasl.password: x, socket.timeout.ms: 1000}}
    elasticsearch: {urls: ["https://es1:9200/base"], headers: {X-A: b}, user: me}
    docker: {urls: ["unix:///var/run/docker.sock"]}
)"),
              Texts{});
}

TEST(ValueRules, SayOfAddressesWhatToWrite) {
    const Texts found = doubts(R"(statsd: {address: statsd}
dns: {server: ns1}
ping: {url: hc-ping.com}
targets:
  prod:
    mesos: {urls: ["http://ok:5050", "master:5050"]}
    chronos: {urls: ["http://u:pw@c:4400"]}
    marathon: {urls: ["http://m:8080/?x"], user: "a:b", headers: {"A:": b}}
    docker: {urls: ["unix://docker.sock"]}
outbox: {elasticsearch: {urls: [es]}}
)");
    ASSERT_EQ(found.size(), 10U);
    EXPECT_TRUE(has(found[0], "'statsd.address': 'statsd' is no statsd address")) << found[0];
    EXPECT_TRUE(has(found[1], "'dns.server': 'ns1' is no address with a port; write it like"));
    EXPECT_TRUE(has(found[2], "'ping.url': 'hc-ping.com' is no address; write it like https://"));
    EXPECT_TRUE(has(found[3], "'targets.prod.mesos.urls[1]': 'master:5050' is no address; write "));
    EXPECT_TRUE(has(found[4], "holds a user or password")) << found[4];
    EXPECT_FALSE(has(found[4], "pw")) << "secrets are not repeated";
    EXPECT_TRUE(has(found[5], "has a query; write the address alone")) << found[5];
    EXPECT_TRUE(has(found[6], "'targets.prod.marathon.user': a user's name cannot hold a colon"));
    EXPECT_TRUE(has(found[7], "'targets.prod.marathon.headers.A:': 'A:' cannot be sent"));
    EXPECT_TRUE(has(found[8], "a whole path: unix:///var/run/docker.sock")) << found[8];
    EXPECT_TRUE(has(found[9], "'outbox.elasticsearch.urls[0]'")) << found[9];
}

TEST(ValueRules, KnowThePropertiesOfKafkaAsTheLibraryDoes) {
    const Texts found = doubts(R"(targets:
  prod:
    kafka:
      bootstrap_servers: [kafka-1:99999]
      properties: {security.protocl: ssl, security.protocol: tls, group.id: "",
                   sasl.password: "", bootstrap.servers: "a b"}
)");
    ASSERT_EQ(found.size(), 5U);
    EXPECT_TRUE(has(found[0], "'kafka-1:99999': the port is a number from 1 to 65535"));
    EXPECT_TRUE(has(found[1], "'targets.prod.kafka.properties.security.protocl': librdkafka"));
    EXPECT_TRUE(has(found[1], "knows no such property; see caretaker lag properties"));
    EXPECT_TRUE(has(found[2], "properties.security.protocol': Invalid value \"tls\"")) << found[2];
    EXPECT_TRUE(has(found[3], "properties.group.id': must not be empty")) << found[3];
    EXPECT_TRUE(has(found[4], "properties.bootstrap.servers': 'a b': write HOST:PORT")) << found[4];
}

TEST(ValueRules, HaveThoseOfTheJobsBehindTheOthers) {
    const std::vector<ValueRule> of_jobs{
        {.key = "kibana.apps", .problem = [](auto, auto) { return std::string("wrong"); }}};
    EXPECT_EQ(all_value_rules(of_jobs).size(), all_value_rules({}).size() + 1);
    EXPECT_EQ(all_value_rules(of_jobs).back().key, "kibana.apps");
}

TEST(Problems, StandInTheOrderOfTheirPlaces) {
    const auto at = [](std::string file, int line, int column) {
        return ConfigProblem{.file = std::move(file), .line = line, .column = column};
    };
    const LoadedSettings loaded{
        .problems = {at("b.yml", 2, 1), at("b.yml", 9, 1), at("a.yml", 1, 1)},
        .doubtful = {{.problem = at("b.yml", 2, 7)}, {.problem = at("c.yml", 1, 1)}}};
    EXPECT_EQ(all_problems(loaded),
              (std::vector{at("b.yml", 2, 1),
                           at("b.yml", 2, 7),
                           at("b.yml", 9, 1),
                           at("a.yml", 1, 1),
                           at("c.yml", 1, 1)}));
}

TEST(Doubts, ArePassedOverWhereAStrongerSourceReplacesTheValue) {
    LoadedSettings loaded;
    loaded.settings.set({nullptr, "statsd.address", "x", "c.yml:1:1"});
    loaded.doubtful = {{.path = "statsd.address",
                        .origin = "c.yml:1:1",
                        .problem = {.file = "c.yml", .line = 1, .column = 9, .message = "bad"}}};
    EXPECT_EQ(doubts_in_effect(loaded), Texts{"c.yml:1:9: bad"});
    loaded.settings.set({nullptr, "statsd.address", "none", "--no-statsd"});
    EXPECT_EQ(doubts_in_effect(loaded), Texts{});
}

}  // namespace
}  // namespace caretaker
