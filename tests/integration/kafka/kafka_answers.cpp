// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/kafka/kafka_answers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace caretaker::testing {

sandbox::KafkaScenario make_small_scenario() {
    sandbox::KafkaScenario scenario;
    scenario.cluster_id = "small-cluster";
    scenario.topics.push_back(sandbox::make_topic("orders", 3, 10, 100));
    scenario.topics.push_back(sandbox::make_topic("audit", 2, 0, 50));
    scenario.topics.back().partitions[1].leader = -1;
    scenario.epoch = small_scenario_time;
    scenario.topics.front().partitions[1].records_per_second = 1;

    sandbox::FakeGroup classic{.name = "classic"};
    classic.members.push_back({.member_id = "m-1",
                               .client_id = "indexer",
                               .host = "/10.0.0.1",
                               .assignment = {{"orders", {0, 1}}, {"audit", {0}}}});
    classic.members.push_back({.member_id = "m-2",
                               .client_id = "indexer",
                               .host = "/10.0.0.2",
                               .assignment = {{"orders", {2}}}});
    classic.commits.push_back(sandbox::make_commits("orders", {90, 80, 70}));
    classic.commits.push_back(sandbox::make_commits("audit", {50}));
    scenario.groups.push_back(classic);

    sandbox::FakeGroup simple{.name = "simple", .state = "Empty", .protocol_type = ""};
    simple.commits.push_back(sandbox::make_commits("orders", {11}));
    scenario.groups.push_back(simple);

    sandbox::FakeGroup modern{.name = "modern", .kind = sandbox::FakeGroupKind::consumer};
    modern.commits.push_back(sandbox::make_commits("orders", {100, 100, 100}));
    scenario.groups.push_back(modern);
    return scenario;
}

KafkaOptions options_for(const sandbox::FakeKafkaCluster& cluster,
                         std::chrono::milliseconds request_timeout) {
    return {.properties = {{"bootstrap.servers", cluster.bootstrap_servers()}},
            .connect_timeout = std::chrono::seconds(20),
            .request_timeout = request_timeout};
}

ConsumerGroup group_named(const GroupListing& listing, std::string_view name) {
    const auto found = std::ranges::find(listing.groups, name, &ConsumerGroup::name);
    EXPECT_NE(found, listing.groups.end()) << name;
    return found == listing.groups.end() ? ConsumerGroup{} : *found;
}

std::vector<std::string> names_of(const GroupListing& listing) {
    std::vector<std::string> names;
    for (const auto& group : listing.groups) {
        names.push_back(group.name);
    }
    return names;
}

std::vector<PartitionName> all_of(const std::string& topic, std::int32_t partitions) {
    std::vector<PartitionName> names;
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
        names.emplace_back(topic, partition);
    }
    return names;
}

}  // namespace caretaker::testing
