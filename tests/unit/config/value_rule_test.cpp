// SPDX-License-Identifier: Apache-2.0
// Rules that upper layers hand down: which values they are asked about, and where what they find
// stands.
#include "common/config/value_rule.hpp"

#include "common/config/environment.hpp"
#include "common/config/yaml_file.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using Problems = std::vector<ElementProblem>;
using Texts = std::vector<std::string>;

/// Calls every text wrong that holds an x, and tells the name beside it.
ValueRule no_x(std::string key) {
    return {.key = std::move(key), .problem = [](std::string_view text, std::string_view name) {
                return text.find('x') == std::string_view::npos
                           ? std::string()
                           : std::string(text) + " of '" + std::string(name) + "'; write y";
            }};
}

const std::vector<ValueRule> rules{no_x("statsd.address"),
                                   no_x("targets.*.kafka.bootstrap_servers"),
                                   no_x("targets.*.kafka.properties"),
                                   no_x("store.max_rows_per_run")};

Problems found(std::string_view path, const SettingValue& value) {
    return find_element_problems(rules, *find_key(path), value);
}

Texts lines(const ParsedSettings& parsed) {
    Texts result;
    for (const DoubtfulValue& value : parsed.doubtful) {
        result.push_back(format_problem(value.problem));
    }
    return result;
}

TEST(ValueRule, IsAskedAboutTheTextsOfItsKeyAlone) {
    EXPECT_EQ(found("statsd.address", std::string("x")), (Problems{{0, "x of ''; write y"}}));
    EXPECT_EQ(found("statsd.address", std::string("y")), Problems{});
    EXPECT_EQ(found("statsd.prefix", std::string("x")), Problems{});
    EXPECT_EQ(found("store.max_rows_per_run", std::int64_t{1}), Problems{});
}

TEST(ValueRule, IsAskedAboutEachElementOfListsAndMaps) {
    EXPECT_EQ(found("targets.prod.kafka.bootstrap_servers", Texts{"a", "x1", "b", "x2"}),
              (Problems{{1, "x1 of ''; write y"}, {3, "x2 of ''; write y"}}));
    EXPECT_EQ(found("targets.prod.kafka.properties", TextMap{{"a", "1"}, {"b", "x"}}),
              (Problems{{1, "x of 'b'; write y"}}));
}

TEST(ValueRule, TellsWhereInAFileTheValueStands) {
    const auto parsed = parse_yaml_settings(
        "statsd:\n"
        "  address: x\n"
        "targets:\n"
        "  prod:\n"
        "    kafka:\n"
        "      bootstrap_servers:\n"
        "        - a\n"
        "        - x1\n"
        "      properties: {a: b, c: x2}\n",
        "c.yml",
        rules);
    EXPECT_EQ(lines(parsed),
              (Texts{"c.yml:2:12: 'statsd.address': x of ''; write y",
                     "c.yml:8:11: 'targets.prod.kafka.bootstrap_servers[1]': x1 of ''; write y",
                     "c.yml:9:29: 'targets.prod.kafka.properties.c': x2 of 'c'; write y"}));
    EXPECT_EQ(parsed.problems, std::vector<ConfigProblem>{});
    ASSERT_EQ(parsed.settings.size(), 3U) << "a run that needs none of them goes on with the rest";
    EXPECT_EQ(parsed.doubtful[0].origin, parsed.settings[0].origin);
    EXPECT_EQ(parsed.doubtful[1].path, "targets.prod.kafka.bootstrap_servers");
}

TEST(ValueRule, IsNotAskedAboutWhatIsWrongAlready) {
    const auto parsed = parse_yaml_settings("statsd: {address: [x]}\n", "c.yml", rules);
    EXPECT_EQ(lines(parsed), Texts{});
    EXPECT_EQ(parsed.problems.size(), 1U);
}

TEST(ValueRule, TellsWhichVariableHoldsTheValue) {
    const auto parsed = parse_environment(
        {{"CARETAKER_STATSD_ADDRESS", "x"}, {"CARETAKER_STATSD_PREFIX", "x"}}, {}, {}, rules);
    EXPECT_EQ(lines(parsed), Texts{"CARETAKER_STATSD_ADDRESS: x of ''; write y"});
    ASSERT_EQ(parsed.doubtful.size(), 1U);
    EXPECT_EQ(parsed.doubtful[0].path, "statsd.address");
    EXPECT_EQ(parsed.doubtful[0].origin, "CARETAKER_STATSD_ADDRESS");
}

}  // namespace
}  // namespace caretaker
