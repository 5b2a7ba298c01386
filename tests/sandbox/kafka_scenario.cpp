// SPDX-License-Identifier: Apache-2.0
// Building blocks of Kafka scenarios, and the regular grid for benchmarks.
#include "tests/sandbox/kafka_scenario.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace caretaker::sandbox {

FakeTopic* find_topic(KafkaScenario& scenario, std::string_view name) {
    const auto found = std::ranges::find(scenario.topics, name, &FakeTopic::name);
    return found == scenario.topics.end() ? nullptr : &*found;
}

FakeGroup* find_group(KafkaScenario& scenario, std::string_view name) {
    const auto found = std::ranges::find(scenario.groups, name, &FakeGroup::name);
    return found == scenario.groups.end() ? nullptr : &*found;
}

FakeTopic make_topic(std::string name,
                     std::int32_t partitions,
                     std::int64_t log_start,
                     std::int64_t log_end) {
    FakeTopic topic{.name = std::move(name)};
    topic.partitions.assign(static_cast<std::size_t>(partitions),
                            {.log_start = log_start, .log_end = log_end});
    return topic;
}

FakeCommits make_commits(std::string topic, const std::vector<std::int64_t>& offsets) {
    FakeCommits commits{.topic = std::move(topic)};
    for (const auto offset : offsets) {
        commits.commits.push_back(
            {.partition = static_cast<std::int32_t>(commits.commits.size()), .offset = offset});
    }
    return commits;
}

KafkaScenario make_grid_scenario(std::int32_t topics,
                                 std::int32_t partitions_per_topic,
                                 std::int32_t groups,
                                 std::int32_t commits_per_group) {
    constexpr std::int64_t log_end = 1'000'000;
    constexpr std::int64_t lag = 10;
    KafkaScenario scenario;
    for (std::int32_t t = 0; t < topics; ++t) {
        scenario.topics.push_back(
            make_topic(fmt::format("topic-{:03}", t), partitions_per_topic, 0, log_end));
    }
    const auto all = std::int64_t{topics} * partitions_per_topic;
    const auto commits = std::min<std::int64_t>(commits_per_group, all);
    for (std::int32_t g = 0; g < groups; ++g) {
        FakeGroup group{.name = fmt::format("group-{:03}", g)};
        FakeMember member{.member_id = fmt::format("consumer-{:03}-1", g), .client_id = "consumer"};
        std::vector<std::vector<std::int32_t>> owned(static_cast<std::size_t>(topics));
        for (std::int64_t i = 0; i < commits; ++i) {
            const auto at = (std::int64_t{g} * commits_per_group + i) % all;
            owned[static_cast<std::size_t>(at / partitions_per_topic)].push_back(
                static_cast<std::int32_t>(at % partitions_per_topic));
        }
        for (std::size_t t = 0; t < owned.size(); ++t) {
            if (owned[t].empty()) {
                continue;
            }
            std::ranges::sort(owned[t]);
            FakeCommits on_topic{.topic = scenario.topics[t].name};
            for (const auto partition : owned[t]) {
                on_topic.commits.push_back({.partition = partition, .offset = log_end - lag});
            }
            group.commits.push_back(std::move(on_topic));
            member.assignment.push_back({scenario.topics[t].name, std::move(owned[t])});
        }
        group.members.push_back(std::move(member));
        scenario.groups.push_back(std::move(group));
    }
    return scenario;
}

KafkaScenario parse_grid_scenario(std::string_view text) {
    constexpr std::string_view separators = "x:x";
    constexpr std::int64_t largest = 10'000'000;  // partitions or commits in all
    std::int32_t sizes[4] = {};
    const char* at = text.data();
    const char* const end = at + text.size();
    bool readable = true;
    for (std::size_t i = 0; i < std::size(sizes) && readable; ++i) {
        const auto [next, failed] = std::from_chars(at, end, sizes[i]);
        readable = failed == std::errc{} && sizes[i] >= 0;
        at = next;
        if (i < separators.size()) {
            readable = readable && at != end && *at == separators[i];
            ++at;
        }
    }
    const auto [topics, partitions, groups, commits] = sizes;
    if (!readable || at != end || topics < 1 || partitions < 1) {
        throw UsageError(
            fmt::format("reading the grid '{}': write TOPICSxPARTITIONS:GROUPSxCOMMITS, e.g. "
                        "10x20:20x10",
                        text));
    }
    if (std::int64_t{topics} * partitions > largest || std::int64_t{groups} * commits > largest) {
        throw UsageError(fmt::format(
            "reading the grid '{}': at most {} partitions or commits in all", text, largest));
    }
    return make_grid_scenario(topics, partitions, groups, commits);
}

}  // namespace caretaker::sandbox
