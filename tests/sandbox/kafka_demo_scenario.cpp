// SPDX-License-Identifier: Apache-2.0
// The demo: a log platform with every kind of group that `lag` tells apart.
#include "tests/sandbox/kafka_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <span>

namespace caretaker::sandbox {

namespace {

// The same numbers with every standard library, unlike std::uniform_int_distribution.
class Dice {
 public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    std::int64_t between(std::int64_t low, std::int64_t high) {
        const auto values = static_cast<std::uint64_t>(high - low + 1);
        return low + static_cast<std::int64_t>(engine_() % values);
    }

 private:
    std::mt19937_64 engine_;
};

struct TopicPlan {
    std::string_view name{};
    std::int32_t partitions = 0;
    std::int64_t records_per_second = 0;  // about, per partition
};

constexpr TopicPlan topic_plans[] = {
    {"logs-nginx-access", 24, 900},
    {"logs-nginx-error", 6, 15},
    {"logs-app-billing", 12, 220},
    {"logs-app-checkout", 12, 180},
    {"logs-app-search", 8, 400},
    {"logs-audit", 3, 40},
    {"logs-mesos-agent", 12, 120},
    {"logs-marathon", 3, 25},
    {"metrics-hosts", 12, 300},
    {"metrics-containers", 16, 500},
    {"events-deploy", 3, 0},
};

std::vector<FakeTopic> make_topics(Dice& dice) {
    constexpr std::int64_t hour = 3600;
    std::vector<FakeTopic> topics;
    for (const auto& plan : topic_plans) {
        FakeTopic topic{.name = std::string(plan.name)};
        for (std::int32_t i = 0; i < plan.partitions; ++i) {
            const auto rate =
                plan.records_per_second * dice.between(90, 110) / 100;  // percent of the plan
            const auto hours_kept = dice.between(40, 56);
            const auto hours_gone = dice.between(200, 900);
            const auto start = rate * hours_gone * hour + dice.between(0, 5000);
            const auto kept = rate * hours_kept * hour + dice.between(50, 500);
            FakePartition log{.log_start = start, .log_end = start + kept};
            log.records_per_second = rate;
            log.newest_record_age = std::chrono::milliseconds(
                rate > 0 ? dice.between(1, 900) : dice.between(2, 6) * hour * 1000);
            topic.partitions.push_back(log);
        }
        topics.push_back(std::move(topic));
    }
    auto offsets = make_topic("__consumer_offsets", 12, 0, 48'000);
    offsets.internal = true;
    topics.push_back(std::move(offsets));
    return topics;
}

/// Builds groups on the topics of a scenario.
class GroupMaker {
 public:
    GroupMaker(KafkaScenario& scenario, Dice& dice) : scenario_(&scenario), dice_(&dice) {}

    struct Lag {
        std::int64_t least = 0;
        std::int64_t most = 0;
    };

    /// Commits `lag` behind the end of every partition; their speed is `percent` of the log's.
    FakeCommits commits(std::string_view topic, Lag lag, std::int64_t percent) {
        FakeCommits on_topic{.topic = std::string(topic)};
        for (const auto& log : find_topic(*scenario_, topic)->partitions) {
            const auto behind = dice_->between(lag.least, lag.most);
            on_topic.commits.push_back(
                {.partition = static_cast<std::int32_t>(on_topic.commits.size()),
                 .offset = std::max(log.log_start, log.log_end - behind),
                 .records_per_second = log.records_per_second * percent / 100});
        }
        return on_topic;
    }

    /// Members that share the topics' partitions in turn, named as Java clients are.
    std::vector<FakeMember> members(std::string_view client,
                                    int count,
                                    std::span<const std::string_view> topics) {
        std::vector<FakeMember> all;
        for (int m = 0; m < count; ++m) {
            // One statement a number: the order in which arguments are evaluated is the compiler's.
            const auto first = dice_->between(0, 0xFFFFFFFF);
            const auto second = dice_->between(0, 0xFFF);
            const auto third = dice_->between(0, 0xFFFFFFFFFFFF);
            const auto network = dice_->between(1, 4);
            const auto host = dice_->between(2, 250);
            FakeMember member{.client_id = fmt::format("{}-{}", client, m + 1)};
            member.member_id = fmt::format(
                "{}-{:08x}-7e1d-4{:03x}-9b52-{:012x}", member.client_id, first, second, third);
            member.host = fmt::format("/10.20.{}.{}", network, host);
            for (const auto topic : topics) {
                member.assignment.push_back({std::string(topic), share(topic, m, count)});
            }
            all.push_back(std::move(member));
        }
        return all;
    }

    /// A Stable classic group that reads one topic.
    FakeGroup reader(std::string_view name,
                     std::string_view topic,
                     int member_count,
                     Lag lag,
                     std::int64_t percent) {
        FakeGroup group{.name = std::string(name)};
        group.commits.push_back(commits(topic, lag, percent));
        group.members = members(fmt::format("{}-consumer", name), member_count, {{topic}});
        return group;
    }

 private:
    [[nodiscard]] std::vector<std::int32_t> share(std::string_view topic, int member, int count) {
        std::vector<std::int32_t> own;
        const auto partitions = find_topic(*scenario_, topic)->partitions.size();
        for (std::int32_t p = member; static_cast<std::size_t>(p) < partitions; p += count) {
            own.push_back(p);
        }
        return own;
    }

    KafkaScenario* scenario_;
    Dice* dice_;
};

void add_moving_groups(KafkaScenario& scenario, GroupMaker& make) {
    constexpr std::string_view indexed[] = {
        "logs-nginx-access", "logs-app-billing", "logs-app-checkout", "logs-app-search"};
    FakeGroup healthy{.name = std::string(demo::healthy_group), .assignor = "cooperative-sticky"};
    for (const auto topic : indexed) {
        healthy.commits.push_back(make.commits(topic, {0, 20}, 100));
    }
    healthy.members = make.members("indexer", 4, indexed);
    scenario.groups.push_back(std::move(healthy));
    scenario.groups.push_back(
        make.reader(demo::slow_group, "logs-nginx-access", 6, {15'000, 40'000}, 60));
    scenario.groups.push_back(
        make.reader(demo::big_lag_group, "logs-app-billing", 3, {900'000, 4'000'000}, 250));
    scenario.groups.push_back(make.reader("metrics-to-graphite", "metrics-hosts", 3, {0, 5}, 100));
    scenario.groups.push_back(make.reader("deploy-notifier", "events-deploy", 1, {0, 0}, 100));
    scenario.groups.push_back(
        make.reader(demo::odd_name_group, "logs-marathon", 1, {100, 300}, 100));
    auto rebalancing = make.reader("search-ranking", "logs-app-search", 2, {50, 900}, 100);
    rebalancing.state = "PreparingRebalance";
    scenario.groups.push_back(std::move(rebalancing));
}

void add_broken_groups(KafkaScenario& scenario, GroupMaker& make) {
    auto dead = make.reader(demo::dead_group, "metrics-hosts", 0, {2'000'000, 9'000'000}, 0);
    dead.state = "Empty";
    scenario.groups.push_back(std::move(dead));

    auto forwarder = make.reader(demo::deleted_topic_group, "logs-nginx-error", 0, {10, 400}, 0);
    forwarder.state = "Empty";
    forwarder.commits.push_back(
        make_commits(std::string(demo::deleted_topic), {48'211, 50'002, 49'377}));
    scenario.groups.push_back(std::move(forwarder));

    auto lost = make.reader(demo::lost_records_group, "logs-audit", 1, {0, 200}, 0);
    auto& unread = lost.commits.front().commits.front();
    unread.offset = find_topic(scenario, "logs-audit")->partitions.front().log_start - 12'345;
    scenario.groups.push_back(std::move(lost));

    auto ahead = make.reader(demo::ahead_group, "logs-mesos-agent", 2, {0, 50}, 0);
    auto& beyond = ahead.commits.front().commits[3];
    beyond.offset = find_topic(scenario, "logs-mesos-agent")->partitions[3].log_end + 5'000'000'000;
    scenario.groups.push_back(std::move(ahead));

    auto gaps = make.reader(demo::no_commit_group, "metrics-containers", 3, {0, 80}, 100);
    std::erase_if(gaps.commits.front().commits,
                  [](const FakeCommit& commit) { return commit.partition % 4 == 1; });
    scenario.groups.push_back(std::move(gaps));
}

void add_other_kinds(KafkaScenario& scenario, GroupMaker& make) {
    FakeGroup connect{.name = std::string(demo::connect_group), .protocol_type = "connect"};
    connect.assignor = "sessioned";
    connect.members = make.members("connect", 2, {});
    scenario.groups.push_back(std::move(connect));

    auto incremental = make.reader("mesos-state-tracker", "logs-mesos-agent", 2, {0, 30}, 100);
    incremental.kind = FakeGroupKind::consumer;
    scenario.groups.push_back(std::move(incremental));

    FakeGroup shared{.name = "log-sampling", .kind = FakeGroupKind::share};
    scenario.groups.push_back(std::move(shared));
}

}  // namespace

KafkaScenario make_demo_scenario(std::uint64_t seed) {
    Dice dice(seed);
    KafkaScenario scenario;
    scenario.topics = make_topics(dice);
    GroupMaker make(scenario, dice);
    add_moving_groups(scenario, make);
    add_broken_groups(scenario, make);
    add_other_kinds(scenario, make);
    return scenario;
}

}  // namespace caretaker::sandbox
