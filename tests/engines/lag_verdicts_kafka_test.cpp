// SPDX-License-Identifier: Apache-2.0
// What `caretaker lag` concludes from several runs against a real broker. Runs follow each other at
// once: the configuration takes away the waits that keep people from being called too early.
#include "tests/engines/lag_kafka_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

namespace {

constexpr const char* impatient = "lag: {min_silence: 0s, min_points: 1}\n";
constexpr std::chrono::minutes patience{1};

class LagVerdicts {
 public:
    LagVerdicts(std::string bootstrap_servers, std::vector<std::string> groups)
        : bootstrap_servers_(std::move(bootstrap_servers)), groups_(std::move(groups)) {}

    /// The document of another run over the groups.
    rapidjson::Document run(const std::string& view = "partition", int exit_code = 0) {
        std::vector<std::string> arguments{
            "lag", "--bootstrap-server", bootstrap_servers_, "--by", view, "--no-statsd"};
        for (const std::string& group : groups_) {
            arguments.insert(arguments.end(), {"--group", group});
        }
        const CaretakerRun run = home_.run(arguments);
        EXPECT_EQ(run.exit_code, exit_code) << run.err << run.out;
        return run.json();
    }

    /// Group → status of another run.
    std::map<std::string, std::string> statuses(const std::string& view = "partition",
                                                int exit_code = 0) {
        std::map<std::string, std::string> words;
        const rapidjson::Document document = run(view, exit_code);
        for (const auto& row : json_array(document, "rows")) {
            words[json_text(row, "group")] = json_text(row, "status");
        }
        return words;
    }

    /// The gauge `status` of a group in a document; -1: none.
    static int status_gauge(const rapidjson::Document& document, const std::string& group) {
        for (const auto& metric : json_array(document, "metrics")) {
            const auto& labels = json_at(metric, "labels");
            if (json_text(metric, "name") == "status" && labels.HasMember("group") &&
                json_text(labels, "group") == group) {
                return static_cast<int>(json_number(metric, "value"));
            }
        }
        return -1;
    }

 private:
    std::string bootstrap_servers_;
    std::vector<std::string> groups_;
    CaretakerHome home_{impatient};
};

/// Asks until the answer is yes; every asking is a run, so nothing sleeps here.
bool becomes_true(const std::function<bool()>& is_true) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!is_true()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
    }
    return true;
}

TEST_P(LagKafka, TellsAStoppedConsumerFromOneThatIsAliveAndStands) {
    data().create_topic("standing", 1);
    data().produce("standing", 0, 10);
    for (const char* group : {"verdict-stopped", "verdict-standing", "verdict-done"}) {
        data().commit(group, {{"standing", 0, std::string(group) == "verdict-done" ? 10 : 4}});
    }
    const auto members = data().join("verdict-standing", "standing", 1, {"reader"});
    LagVerdicts lag(server().bootstrap_servers(), {"verdict-*"});

    using Statuses = std::map<std::string, std::string>;
    EXPECT_EQ(
        lag.statuses(),
        (Statuses{
            {"verdict-done", "OK"}, {"verdict-standing", "STALL"}, {"verdict-stopped", "STALL"}}))
        << "with min_points 1 a single commit has not moved";
    EXPECT_EQ(
        lag.statuses(),
        (Statuses{
            {"verdict-done", "OK"}, {"verdict-standing", "STALL"}, {"verdict-stopped", "STOP"}}));
    EXPECT_EQ(lag.statuses("group").at("verdict-stopped"), "ERR");
}

TEST_P(LagKafka, SeesThatAConsumerWentBackAndThatItIsForwardAgain) {
    data().create_topic("rewound", 1);
    data().produce("rewound", 0, 20);
    LagVerdicts lag(server().bootstrap_servers(), {"rewinding"});
    data().commit("rewinding", {{"rewound", 0, 15}});
    lag.run();
    data().commit("rewinding", {{"rewound", 0, 3}});
    EXPECT_EQ(lag.statuses().at("rewinding"), "REWIND");
    data().commit("rewinding", {{"rewound", 0, 20}});
    EXPECT_EQ(lag.statuses().at("rewinding"), "OK");
}

TEST_P(LagKafka, SeesThatRetentionDeletedWhatNobodyHadRead) {
    // One record a segment, and none is kept.
    data().create_topic("short-lived", 1, {{"retention.ms", "1"}, {"segment.ms", "1"}});
    data().produce("short-lived", 0, 10);
    data().commit("late-reader", {{"short-lived", 0, 4}});
    LagVerdicts lag(server().bootstrap_servers(), {"late-reader"});
    EXPECT_TRUE(becomes_true([&] { return lag.statuses().at("late-reader") == "LOST"; }));
    const rapidjson::Document document = lag.run();
    EXPECT_EQ(json_integer(only_row(document), "lost"), 6);
    EXPECT_EQ(json_integer(only_row(document), "backlog"), 0);
    const auto kafkas = describe_all_groups(server());
    EXPECT_EQ(kafkas.at({"late-reader", "short-lived", 0}).lag, 6) << "what nobody can read";
}

TEST_P(LagKafka, SeesThatATopicIsGoneAndThatItWasMadeAnew) {
    data().create_topic("remade", 1);
    data().produce("remade", 0, 10);
    data().commit("reader-of-remade", {{"remade", 0, 8}});
    LagVerdicts lag(server().bootstrap_servers(), {"reader-of-remade"});
    EXPECT_EQ(lag.statuses("group").at("reader-of-remade"), "ERR");

    data().delete_topic("remade");
    // The coordinator drops the commits a moment later, and with them the group.
    EXPECT_TRUE(becomes_true([&] {
        const CaretakerRun run = run_lag({"--group", "reader-of-remade"});
        return run.exit_code == 3 && run.err.find("does not exist") != std::string::npos;
    }));
    EXPECT_EQ(lag.statuses("group", 3).at("reader-of-remade"), "NOTFOUND");

    data().create_topic("remade", 1);
    data().produce("remade", 0, 2);
    data().commit("reader-of-remade", {{"remade", 0, 8}});
    EXPECT_EQ(lag.statuses().at("reader-of-remade"), "OK") << "a single run may be a race";
    EXPECT_EQ(lag.statuses().at("reader-of-remade"), "AHEAD");
    EXPECT_EQ(lag.statuses("group").at("reader-of-remade"), "WARN");
}

TEST_P(LagKafka, SendsOnceThatAGroupIsGone) {
    make_small_group("going-1", "still-here");
    data().commit("going-2", {{"still-here", 0, 4}});
    LagVerdicts lag(server().bootstrap_servers(), {"going-*"});
    lag.run();
    data().delete_group("going-1");
    const rapidjson::Document after = lag.run("group");
    EXPECT_EQ(LagVerdicts::status_gauge(after, "going-1"), 3);
    EXPECT_EQ(json_array(after, "rows").Size(), 1U);
    EXPECT_EQ(LagVerdicts::status_gauge(lag.run("group"), "going-1"), -1);
}

TEST_P(LagKafka, CountsPartitionsThatAreLaterThanATimeInAFirstRun) {
    data().create_topic("dated", 1);
    data().produce("dated", 0, 10);
    data().commit("dated-behind", {{"dated", 0, 4}});
    data().commit("dated-done", {{"dated", 0, 10}});
    const CaretakerRun run = run_lag({"--group", "dated-*", "--sla", "1ms,1h"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    std::map<std::string, std::string> kept;
    const rapidjson::Document document = run.json();
    for (const auto& row : json_array(document, "rows")) {
        kept[json_text(row, "group")] = json_text(row, "sla");
    }
    EXPECT_EQ(kept["dated-behind"], "<=1h") << "written minutes ago at most, and not just now";
    EXPECT_EQ(kept["dated-done"], "<=1ms");
}

/// One of Kafka's own consumers, which librdkafka cannot stand in for.
ChildProcess start_java_consumer(const KafkaServer& server,
                                 const std::string& main_class,
                                 const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"--bootstrap-server", server.bootstrap_servers()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return ChildProcess(server.distribution().java({"-Xmx96m"}, main_class, all));
}

TEST_P(LagKafka, MeasuresGroupsOfTheNewProtocolAndLeavesShareGroupsUnjudged) {
    if (GetParam().starts_with("3.")) {
        GTEST_SKIP() << "both came with Kafka 4";
    }
    const std::string tools = "org.apache.kafka.tools.consumer.";
    data().create_topic("modern", 1);
    data().produce("modern", 0, 10);
    auto consumer = start_java_consumer(server(),
                                        tools + "ConsoleConsumer",
                                        {"--topic",
                                         "modern",
                                         "--group",
                                         "modern-consumer",
                                         "--from-beginning",
                                         "--command-property",
                                         "group.protocol=consumer",
                                         "--command-property",
                                         "auto.commit.interval.ms=100"});
    auto sharer = start_java_consumer(
        server(), tools + "ConsoleShareConsumer", {"--topic", "modern", "--group", "modern-share"});
    LagVerdicts lag(server().bootstrap_servers(), {"modern-*"});
    std::map<std::string, std::string> kinds;
    std::map<std::string, std::string> statuses;
    std::optional<std::int64_t> measured;
    EXPECT_TRUE(becomes_true([&] {
        const rapidjson::Document document = lag.run("group");
        for (const auto& row : json_array(document, "rows")) {
            const std::string group = json_text(row, "group");
            kinds[group] = json_optional_text(row, "kind").value_or("");
            statuses[group] = json_text(row, "status");
            if (group == "modern-consumer") {
                measured = json_optional_integer(row, "lag");
                EXPECT_EQ(json_optional_integer(row, "members"), std::nullopt)
                    << "they do not show, which is not the same as none";
            }
        }
        return kinds.size() == 2 && measured == 0;
    })) << ::testing::PrintToString(kinds)
        << consumer.err() << sharer.err();
    EXPECT_EQ(kinds["modern-consumer"], "consumer");
    EXPECT_EQ(statuses["modern-consumer"], "OK");
    EXPECT_EQ(kinds["modern-share"], "share");
    EXPECT_EQ(statuses["modern-share"], "NOTJUDGED");
    EXPECT_EQ(describe_all_groups(server()).at({"modern-consumer", "modern", 0}).lag, 0);
}

}  // namespace
}  // namespace caretaker::testing
