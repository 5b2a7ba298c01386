// SPDX-License-Identifier: Apache-2.0
// Which place wins when several name properties of the Kafka client.
#include "jobs/lag/lag_connection.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace caretaker {
namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

void set(Settings& settings, const std::string& key, SettingValue value) {
    const std::string path = "targets.prod.kafka." + key;
    settings.set({.spec = find_key(path), .path = path, .value = std::move(value)});
}

std::string write(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path) << text;
    return path;
}

TEST(LagConnection, LetsLaterPlacesWinOverEarlierOnes) {
    const TempDir dir;
    Settings settings;
    set(settings,
        "bootstrap_servers",
        std::vector<std::string>{"settings-1:9092", "settings-2:9092"});
    set(settings, "properties", TextMap{{"client.id", "settings"}});
    set(settings, "properties_file", write(dir.path() / "target", "client.id=target file\n"));
    const KafkaOptions options = load_kafka_options(
        settings,
        "prod",
        {.bootstrap_servers = "flag:9092",
         .properties_file = write(dir.path() / "flag", "client.id = flag file\n"),
         .properties = {"client.id=argument"}});
    EXPECT_EQ(options.properties,
              (Properties{{"bootstrap.servers", "settings-1:9092,settings-2:9092"},
                          {"client.id", "settings"},
                          {"client.id", "target file"},
                          {"client.id", "flag file"},
                          {"client.id", "argument"},
                          {"bootstrap.servers", "flag:9092"}}));
}

TEST(LagConnection, TakesTheTimeoutsOfTheTarget) {
    Settings settings;
    set(settings, "bootstrap_servers", std::vector<std::string>{"k:9092"});
    set(settings, "request_timeout", std::int64_t{1'500});
    const KafkaOptions options = load_kafka_options(settings, "prod", {});
    EXPECT_EQ(options.request_timeout, std::chrono::milliseconds(1'500));
    EXPECT_EQ(options.connect_timeout, std::chrono::seconds(10));
}

TEST(LagConnection, NeedsNoTargetWhenAFlagNamesTheBrokers) {
    const KafkaOptions options =
        load_kafka_options(Settings(), "", {.bootstrap_servers = "k1:9092,k2:9092"});
    EXPECT_EQ(options.properties, (Properties{{"bootstrap.servers", "k1:9092,k2:9092"}}));
}

TEST(LagConnection, TakesTheBrokersFromAPropertiesFileToo) {
    const TempDir dir;
    const std::string file = write(dir.path() / "p", "metadata.broker.list=k:9092\n");
    EXPECT_NO_THROW(load_kafka_options(Settings(), "", {.properties_file = file}));
}

std::string error_of(const Settings& settings,
                     std::string_view target,
                     const LagConnectionFlags& flags) {
    try {
        load_kafka_options(settings, target, flags);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "no error";
}

TEST(LagConnection, SaysWhatToWriteWhenNoBrokerIsNamed) {
    EXPECT_EQ(error_of(Settings(), "dc2", {}),
              "looking for the Kafka cluster of target dc2: no broker is named; write "
              "--bootstrap-server HOST:9092, or in caretaker.yml: "
              "targets: {dc2: {kafka: {bootstrap_servers: [\"HOST:9092\"]}}}");
    EXPECT_EQ(error_of(Settings(), "", {.properties = {"client.id=x"}}),
              "looking for the Kafka cluster: no broker is named; write --bootstrap-server "
              "HOST:9092, or in caretaker.yml: "
              "targets: {prod: {kafka: {bootstrap_servers: [\"HOST:9092\"]}}}");
}

TEST(LagConnection, NamesAPropertiesFileThatCannotBeRead) {
    const TempDir dir;
    const std::string missing = dir.path() / "missing";
    EXPECT_EQ(error_of(Settings(), "", {.properties_file = missing}),
              "reading the Kafka properties " + missing +
                  ": No such file or directory; check the path and its permissions");
    const std::string folder = dir.path();
    EXPECT_EQ(error_of(Settings(), "", {.properties_file = folder}),
              "reading the Kafka properties " + folder +
                  ": Is a directory; check the path and its permissions");
}

TEST(LagConnection, StopsReadingWhatCannotBeAPropertiesFile) {
    EXPECT_EQ(error_of(Settings(), "", {.properties_file = "/dev/zero"}),
              "reading the Kafka properties /dev/zero: it is larger than 1 MiB, so it is something "
              "else; check the path and its permissions");
}

TEST(LagConnection, AcceptsAnEmptyPropertiesFile) {
    const TempDir dir;
    const std::string empty = write(dir.path() / "empty", "");
    EXPECT_NO_THROW(load_kafka_options(
        Settings(), "", {.bootstrap_servers = "k:9092", .properties_file = empty}));
}

TEST(LagConnection, NamesFileAndLineOfAWrongProperty) {
    const TempDir dir;
    const std::string file = write(dir.path() / "p", "a=b\nnonsense\n");
    EXPECT_TRUE(error_of(Settings(), "", {.properties_file = file}).starts_with(file + ":2: "));
}

TEST(LagConnection, RefusesWhatTheLibraryWouldRefuseBeforeTheRun) {
    const LagConnectionFlags right{.bootstrap_servers = "k:9092"};
    LagConnectionFlags unknown = right;
    unknown.properties = {"no.such.property=1"};
    EXPECT_TRUE(
        error_of(Settings(), "", unknown).starts_with("Kafka property 'no.such.property': "));
    LagConnectionFlags wrong = right;
    wrong.properties = {"security.protocol=TLS"};
    EXPECT_TRUE(
        error_of(Settings(), "", wrong).starts_with("Kafka property 'security.protocol': "));
    Settings settings;
    set(settings, "bootstrap_servers", std::vector<std::string>{"k:9092", "m:99999"});
    EXPECT_EQ(
        error_of(settings, "prod", {}),
        "Kafka property 'bootstrap.servers': 'm:99999': the port is a number from 1 to 65535");
    EXPECT_EQ(error_of(settings, "prod", right), "no error") << "the flag replaces them";
}

TEST(LagConnection, KnowsWhetherATargetHasAClusterAtAll) {
    Settings settings;
    EXPECT_FALSE(names_kafka_cluster(settings, "prod", {}));
    EXPECT_TRUE(names_kafka_cluster(settings, "prod", {.bootstrap_servers = "k:9092"}));
    EXPECT_TRUE(names_kafka_cluster(settings, "prod", {.properties_file = "client.properties"}));
    set(settings, "bootstrap_servers", std::vector<std::string>{"k:9092"});
    EXPECT_TRUE(names_kafka_cluster(settings, "prod", {}));
    EXPECT_FALSE(names_kafka_cluster(settings, "test", {}));
}

}  // namespace
}  // namespace caretaker
