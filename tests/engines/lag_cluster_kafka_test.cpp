// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` against three real brokers, of which one hangs, dies and comes back.
#include "tests/engines/caretaker_run.hpp"
#include "tests/engines/consumer_group_oracle.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/kafka_cluster.hpp"
#include "tests/engines/kafka_fixture_data.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

namespace {

constexpr const char* version = "4.3.1";
constexpr int groups = 12;
constexpr std::int32_t partitions = 6;  // two on each broker
constexpr std::int64_t records = 20;
constexpr std::chrono::minutes patience{2};

class LagThreeBrokers : public ::testing::Test {
 protected:
    void SetUp() override {
        try {
            cluster_ = std::make_unique<KafkaCluster>(version);
        } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
            report_unavailable(reason);
            return;
        }
        KafkaFixtureData data(cluster_->bootstrap_servers());
        data.create_topic("logs", partitions, {}, {1, 2, 3, 1, 2, 3});
        std::vector<TopicOffset> commits;
        for (std::int32_t partition = 0; partition < partitions; ++partition) {
            data.produce("logs", partition, static_cast<int>(records));
            commits.push_back({"logs", partition, partition});
        }
        for (int group = 0; group < groups; ++group) {
            data.commit(fmt::format("group-{:02}", group), commits);
        }
    }

    struct Look {
        CaretakerRun run{};
        std::map<std::string, std::string> groups{};  // status by name
        /// By group and partition: its status, and its lag, -1 for none.
        std::map<std::pair<std::string, std::int64_t>, std::pair<std::string, std::int64_t>>
            partitions{};
        std::vector<std::string> errors{};  // codes

        [[nodiscard]] std::int64_t count(const std::string& status) const {
            return std::ranges::count_if(groups,
                                         [&](const auto& group) { return group.second == status; });
        }
    };

    /// Two runs, one for each view, of the same store.
    [[nodiscard]] Look look() const {
        Look look;
        const rapidjson::Document by_partition = run("partition", look.run);
        for (const auto& row : json_array(by_partition, "rows")) {
            look.partitions[{json_text(row, "group"), json_integer(row, "partition")}] = {
                json_text(row, "status"), json_optional_integer(row, "lag").value_or(-1)};
        }
        const rapidjson::Document by_group = run("group", look.run);
        for (const auto& row : json_array(by_group, "rows")) {
            look.groups[json_text(row, "group")] = json_text(row, "status");
        }
        for (const auto& error : json_array(by_group, "errors")) {
            look.errors.push_back(json_text(error, "code"));
        }
        return look;
    }

    [[nodiscard]] rapidjson::Document run(const std::string& view, CaretakerRun& run) const {
        run = home_.run({"lag",
                         "--bootstrap-server",
                         cluster_->bootstrap_servers(),
                         "--by",
                         view,
                         "--no-statsd"});
        return run.json();
    }

    /// Whatever is wrong with the cluster: what is told is right, and no group is lost.
    static void expect_truth(const Look& look) {
        EXPECT_EQ(look.groups.size(), static_cast<std::size_t>(groups)) << look.run.err;
        EXPECT_EQ(look.count("OK") + look.count("UNKNOWN"), groups)
            << ::testing::PrintToString(look.groups);
        for (const auto& [where, state] : look.partitions) {
            if (state.second >= 0) {
                EXPECT_EQ(state.second, records - where.second) << where.first;
            }
        }
    }

    static bool is_whole(const Look& look) {
        return look.run.exit_code == 0 && look.count("OK") == groups &&
               look.partitions.size() == static_cast<std::size_t>(groups) * partitions;
    }

    /// Looks again and again, and at the truth each time, until it is as wanted.
    [[nodiscard]] Look look_until(const std::function<bool(const Look&)>& is_wanted) const {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        Look last = look();
        expect_truth(last);
        while (!is_wanted(last) && std::chrono::steady_clock::now() < deadline) {
            last = look();
            expect_truth(last);
        }
        EXPECT_TRUE(is_wanted(last)) << last.run.exit_code << last.run.err << last.run.out;
        return last;
    }

    std::unique_ptr<KafkaCluster> cluster_;
    CaretakerHome home_{"lag: {allowed_lag: 100}\n"};
};

TEST_F(LagThreeBrokers, TellTheTruthWhileOneHangsDiesAndComesBack) {
    static_cast<void>(look_until(is_whole));
    const auto kafkas = parse_group_description(
        cluster_->distribution()
            .run_tool(
                "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
                {"--bootstrap-server", cluster_->bootstrap_servers(), "--describe", "--all-groups"})
            .out);
    EXPECT_EQ(kafkas.size(), static_cast<std::size_t>(groups) * partitions);
    for (const auto& [key, state] : kafkas) {
        EXPECT_EQ(state.lag, records - key.partition) << key.group;
    }

    cluster_->stop(3);
    const Look hanging = look_until(
        [](const Look& look) { return look.run.exit_code == 3 && look.count("UNKNOWN") > 0; });
    EXPECT_GT(hanging.count("OK"), 0) << "groups of other brokers";

    cluster_->resume(3);
    static_cast<void>(look_until(is_whole));

    cluster_->kill(3);
    const Look dead = look_until([](const Look& look) {
        const auto state = look.partitions.begin() == look.partitions.end()
                               ? std::string()
                               : std::next(look.partitions.begin(), 2)->second.first;
        return look.run.exit_code == 3 && state == "NOLEADER";
    });
    EXPECT_GT(dead.count("OK"), 0);
    EXPECT_GT(dead.count("UNKNOWN"), 0) << "their offsets partition has no leader";
    EXPECT_EQ(std::ranges::count(dead.errors, std::string("listing_no_leader")), 1)
        << ::testing::PrintToString(dead.errors);
    EXPECT_EQ(std::ranges::count(dead.errors, std::string("groups_unlisted")), 1);

    cluster_->start(3);
    static_cast<void>(look_until(is_whole));
}

}  // namespace
}  // namespace caretaker::testing
