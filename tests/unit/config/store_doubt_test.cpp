// SPDX-License-Identifier: Apache-2.0
// Mistakes that leave open which store is meant, and those that do not.
#include "common/config/store_doubt.hpp"

#include "common/config/environment.hpp"
#include "common/config/yaml_file.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

ParsedSettings file(std::string_view text) {
    return parse_yaml_settings(text, "c.yml");
}

ParsedSettings variables(EnvironmentMap environment) {
    return parse_environment(
        environment, {}, [](const std::string&) { return ValueFile{.error = "no such file"}; });
}

bool leaves_doubt(const std::vector<ParsedSettings>& sources) {
    StoreDoubt doubt;
    for (const ParsedSettings& source : sources) {
        doubt.take(source);
    }
    return doubt.any();
}

struct Text {
    const char* text;
};

class HarmlessMistake : public ::testing::TestWithParam<Text> {};

TEST_P(HarmlessMistake, LeavesNoDoubt) {
    const ParsedSettings source = file(GetParam().text);
    EXPECT_FALSE(source.problems.empty());
    EXPECT_FALSE(leaves_doubt({source})) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Of,
                         HarmlessMistake,
                         ::testing::Values(
                             // Of another section, by its value, its kind, or a typing error.
                             Text{"statsd: {max_lines: -1}\n"},
                             Text{"statsd: [a]\n"},
                             Text{"statd: {address: a:1}\n"},
                             Text{"store: {path: x.db}\nstatd: {address: a:1}\n"},
                             Text{"targets: {prod: {kafak: {}}}\n"},
                             Text{"targets: {all: {}}\n"},
                             Text{"log: {level: debug, level: info}\n"},
                             // A word nobody knows, where the path is given.
                             Text{"store: {path: x.db}\nthoughts: {a: 1}\n"},
                             // Keys of the store that are about runs.
                             Text{"store: {path: x.db, retention: {runs: 1}}\n"},
                             Text{"store: {path: x.db, required: perhaps}\n"}));

class DoubtfulMistake : public ::testing::TestWithParam<Text> {};

TEST_P(DoubtfulMistake, LeavesDoubt) {
    EXPECT_TRUE(leaves_doubt({file(GetParam().text)})) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Of,
                         DoubtfulMistake,
                         ::testing::Values(
                             // All of the file.
                             Text{"store: {path: x.db}\ntargets: [\n"},
                             Text{"- store\n"},
                             // The section, or what looks like it.
                             Text{"store: x.db\n"},
                             Text{"stor: {path: x.db}\n"},
                             Text{"Store: {path: x.db}\n"},
                             Text{"storage: {path: x.db}\n"},
                             Text{"store: {path: x.db}\nstor: {path: y.db}\n"},
                             Text{"store: {path: x.db}\nstore: {path: y.db}\n"},
                             Text{"store: {path: x.db, colour: red}\n"},
                             Text{"a: &a {path: y.db}\nstore: {path: x.db, <<: *a}\n"},
                             // The keys by which it is opened.
                             Text{"store: {path: 5}\n"},
                             Text{"store: {path: }\n"},
                             Text{"store: {path: a.db, path: b.db}\n"},
                             Text{"store: {paht: x.db}\n"},
                             Text{"store.path: x.db\n"},
                             Text{"store: {path: x.db, journal: tape}\n"},
                             Text{"store: {path: x.db, jornal: wal}\n"},
                             Text{"store: {path: x.db, max_bytes: 5}\n"},
                             // A word nobody knows, where the path is not given.
                             Text{"database: {path: x.db}\n"},
                             Text{"store:\npath: x.db\n"},
                             Text{"statsd: {store: {path: x.db}}\n"}));

TEST(StoreDoubt, IsTakenAwayByAStrongerSourceThatNamesTheStore) {
    const ParsedSettings torn = file("targets: [\n");
    const ParsedSettings named = file("store: {path: x.db}\n");
    EXPECT_FALSE(leaves_doubt({torn, named}));
    EXPECT_TRUE(leaves_doubt({named, torn}));
    EXPECT_FALSE(leaves_doubt({file("store: {paht: x.db}\n"), named}));
    EXPECT_FALSE(leaves_doubt({file("database: {path: x.db}\n"), named}));
    EXPECT_FALSE(leaves_doubt({named, file("database: {path: x.db}\n")}));
}

TEST(StoreDoubt, OfAKeyIsTakenAwayByThatKeyAlone) {
    const ParsedSettings wrong = file("store: {path: x.db, journal: tape}\n");
    EXPECT_TRUE(leaves_doubt({wrong, file("store: {path: y.db}\n")}));
    EXPECT_FALSE(leaves_doubt({wrong, file("store: {journal: wal}\n")}));
}

TEST(StoreDoubt, IsLeftByVariablesToo) {
    EXPECT_FALSE(leaves_doubt({variables({{"CARETAKER_STORE", "x.db"}})}));
    EXPECT_FALSE(leaves_doubt({variables({{"CARETAKER_STATSD_MAX_LINES", "-1"}})}));
    EXPECT_FALSE(leaves_doubt({variables({{"CARETAKER_LOGG", "info"}})}));
    EXPECT_FALSE(leaves_doubt({variables({{"CARETAKER_TARGETS_PROD_KAFAK", "a"}})}));
    EXPECT_TRUE(leaves_doubt({variables({{"CARETAKER_STOR", "x.db"}})}));
    EXPECT_TRUE(leaves_doubt({variables({{"CARETAKER_STORE_PTH", "x.db"}})}));
    EXPECT_TRUE(leaves_doubt({variables({{"CARETAKER_STORE_PATH_FILE", "missing"}})}));
    EXPECT_TRUE(leaves_doubt({variables({{"CARETAKER_STORE_JOURNAL", "tape"}})}));
    EXPECT_TRUE(
        leaves_doubt({variables({{"CARETAKER_STORE", "x.db"}, {"CARETAKER_STORE_PATH", "y.db"}})}));
    // The file that was meant may have named a store.
    EXPECT_TRUE(leaves_doubt({variables({{"CARETAKER_CONFIGG", "c.yml"}})}));
    EXPECT_TRUE(leaves_doubt({variables({{"CARETAKER_SOMETHING", "x.db"}})}));
    EXPECT_FALSE(
        leaves_doubt({variables({{"CARETAKER_SOMETHING", "x.db"}, {"CARETAKER_STORE", "x.db"}})}));
}

TEST(StoreDoubt, IsLeftByProblemsThatAreNotToldAnyMore) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text += "statsd" + std::to_string(i) + ": 1\n";
    }
    EXPECT_TRUE(leaves_doubt({file("store: {path: x.db}\n" + text)}));
}

}  // namespace
}  // namespace caretaker
