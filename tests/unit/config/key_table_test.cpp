// SPDX-License-Identifier: Apache-2.0
// The table of all keys, and how keys are found in it.
#include "common/config/key_table.hpp"

#include "common/config/setting_value.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace caretaker {
namespace {

std::string path_of(const KeySpec* spec) {
    return spec == nullptr ? "-" : std::string(spec->path);
}

TEST(KeyTable, HasEachKeyOnceWithAHelpSentence) {
    std::set<std::string_view> paths;
    for (const KeySpec& spec : key_table()) {
        EXPECT_TRUE(paths.insert(spec.path).second) << spec.path;
        EXPECT_TRUE(spec.help.ends_with('.')) << spec.path;
        EXPECT_LE(spec.min, spec.max) << spec.path;
        EXPECT_EQ(spec.type == ValueType::choice, !spec.choices.empty()) << spec.path;
    }
}

TEST(KeyTable, HasReadableDefaultsInRange) {
    for (const KeySpec& spec : key_table()) {
        const bool needs_default = spec.type == ValueType::integer ||
                                   spec.type == ValueType::boolean ||
                                   spec.type == ValueType::duration ||
                                   spec.type == ValueType::size || spec.type == ValueType::choice;
        EXPECT_FALSE(needs_default && spec.fallback.empty()) << spec.path;
        if (!spec.fallback.empty()) {
            EXPECT_EQ(parse_setting_value(spec, spec.fallback).error, "") << spec.path;
        }
    }
}

TEST(KeyTable, FindsKeysBySegments) {
    EXPECT_EQ(path_of(find_key("store.path")), "store.path");
    EXPECT_EQ(path_of(find_key("targets.prod.kafka.properties")), "targets.*.kafka.properties");
    EXPECT_EQ(path_of(find_key("targets.*.kafka.properties")), "targets.*.kafka.properties");
    EXPECT_EQ(path_of(find_key("targets.x.mesos.max_response")), "targets.*.mesos.max_response");
    for (const std::string_view path : {"",
                                        ".",
                                        "store",
                                        "store.",
                                        ".path",
                                        "store.path.",
                                        "store.path.x",
                                        "store..path",
                                        "targets..kafka.properties",
                                        "targets.prod.kafka",
                                        "targets.prod.kafka.properties.x",
                                        "targets.prod.es.urls",
                                        "stor.path",
                                        "*.path"}) {
        EXPECT_EQ(find_key(path), nullptr) << path;
    }
}

TEST(KeyTable, ListsTheNamesOfASection) {
    using Names = std::vector<std::string_view>;
    EXPECT_EQ(section_names(""),
              (Names{"store",
                     "lock",
                     "outbox",
                     "statsd",
                     "dns",
                     "ping",
                     "lag",
                     "status",
                     "log",
                     "cleanup",
                     "rotate",
                     "kibana",
                     "targets"}));
    EXPECT_EQ(section_names("log"), (Names{"level", "format", "limit"}));
    EXPECT_EQ(section_names("targets"), Names{"*"});
    EXPECT_EQ(section_names("cleanup.files"), Names{"*"});
    EXPECT_EQ(section_names("targets.prod"),
              (Names{"kafka",
                     "elasticsearch",
                     "mesos",
                     "marathon",
                     "chronos",
                     "kibana",
                     "docker",
                     "logstash"}));
    EXPECT_EQ(section_names("targets.prod.kafka"),
              (Names{"bootstrap_servers",
                     "properties",
                     "properties_file",
                     "connect_timeout",
                     "request_timeout"}));
    EXPECT_EQ(section_names("store.path"), Names{});
    EXPECT_EQ(section_names("nothing"), Names{});
}

TEST(KeyTable, GivesMesosMoreRoomForAnswers) {
    EXPECT_EQ(find_key("targets.p.mesos.max_response")->fallback, "256MiB");
    EXPECT_EQ(find_key("targets.p.elasticsearch.max_response")->fallback, "64MiB");
}

TEST(KeyTable, TakesBothRatesOfDeletions) {
    EXPECT_EQ(find_key("cleanup.rate_files")->type, ValueType::integer);
    ASSERT_NE(find_key("cleanup.rate_bytes"), nullptr);
    EXPECT_EQ(find_key("cleanup.rate_bytes")->type, ValueType::size);
    EXPECT_EQ(find_key("cleanup.rate_bytes")->fallback, "0B");
}

TEST(EnvironmentName, FollowsTheKey) {
    EXPECT_EQ(environment_name("store.path"), "CARETAKER_STORE_PATH");
    EXPECT_EQ(environment_name("targets.prod-eu.kafka.bootstrap_servers"),
              "CARETAKER_TARGETS_PROD_EU_KAFKA_BOOTSTRAP_SERVERS");
    EXPECT_EQ(environment_name("a\xC3\xBC"
                               "b9"),
              "CARETAKER_A__B9");
}

TEST(EnvironmentName, IsDifferentForEveryKeyAndNoEndOfAnother) {
    // Else a variable of a target could mean two things.
    std::vector<std::string> endings;
    std::set<std::string> names;
    for (const KeySpec& spec : key_table()) {
        EXPECT_TRUE(names.insert(environment_name(spec.path)).second) << spec.path;
        if (spec.path.starts_with("targets.*.")) {
            endings.push_back(environment_name(spec.path.substr(10)).substr(9));
        }
    }
    for (const std::string& one : endings) {
        const auto same_end = std::ranges::count_if(
            endings, [&](const std::string& other) { return other.ends_with(one); });
        EXPECT_EQ(same_end, 1) << one;
    }
}

}  // namespace
}  // namespace caretaker
