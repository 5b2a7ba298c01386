// SPDX-License-Identifier: Apache-2.0
// Settings from environment variables.
#include "common/config/environment.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

ParsedSettings parse(const EnvironmentMap& environment, const Texts& targets = {}) {
    return parse_environment(environment, targets, [](const std::string& path) {
        return path == "/missing" ? ValueFile{.text = {}, .error = "No such file"}
                                  : ValueFile{.text = "in " + path, .error = {}};
    });
}

Texts problem_lines(const ParsedSettings& parsed) {
    Texts lines;
    for (const ConfigProblem& problem : parsed.problems) {
        lines.push_back(format_problem(problem));
    }
    return lines;
}

Texts paths(const ParsedSettings& parsed) {
    Texts result;
    for (const Setting& setting : parsed.settings) {
        result.push_back(setting.path);
    }
    return result;
}

TEST(Environment, SetsKeysByTheirNames) {
    const auto parsed = parse({{"CARETAKER_STATSD_ADDRESS", "statsd:8125"},
                               {"CARETAKER_STATSD_MAX_PAYLOAD", "512"},
                               {"PATH", "/bin"}});
    EXPECT_EQ(problem_lines(parsed), Texts{});
    ASSERT_EQ(paths(parsed), (Texts{"statsd.address", "statsd.max_payload"}));
    EXPECT_EQ(parsed.settings[0].value, SettingValue("statsd:8125"));
    EXPECT_EQ(parsed.settings[0].origin, "CARETAKER_STATSD_ADDRESS");
    EXPECT_EQ(parsed.settings[1].value, SettingValue(std::int64_t{512}));
}

TEST(Environment, CreatesATargetInLowerCase) {
    const auto parsed =
        parse({{"CARETAKER_TARGETS_PROD_EU_KAFKA_BOOTSTRAP_SERVERS", "k1:9092,k2:9092"}}, {"test"});
    EXPECT_EQ(problem_lines(parsed), Texts{});
    ASSERT_EQ(paths(parsed), Texts{"targets.prod_eu.kafka.bootstrap_servers"});
    EXPECT_EQ(parsed.settings[0].value, SettingValue(Texts{"k1:9092", "k2:9092"}));
}

TEST(Environment, FindsTheConfiguredTargetThatAVariableMeans) {
    const auto parsed =
        parse({{"CARETAKER_TARGETS_PROD_EU_KAFKA_PROPERTIES_FILE", "/x"}}, {"Prod-EU", "test"});
    EXPECT_EQ(paths(parsed), Texts{"targets.Prod-EU.kafka.properties_file"});
}

TEST(Environment, RefusesTargetsThatShareTheirVariables) {
    EXPECT_EQ(problem_lines(parse({}, {"a-b", "a_b", "c"})),
              Texts{"CARETAKER_TARGETS_A_B_…: the targets 'a-b' and 'a_b' share the names of their "
                    "variables; "
                    "rename one"});
}

TEST(Environment, IgnoresEmptyAndForeignVariables) {
    const auto parsed = parse({{"CARETAKER_STORE_PATH", ""},
                               {"CARETAKER_NONSENSE", ""},
                               {"CARETAKER_CONFIG", "/x"},
                               {"CARETAKER_HOST", "h"},
                               {"CARETAKER_TARGET", "prod"},
                               {"CARETAKER_EXIT_ZERO", "1"},
                               {"CARETAKER_REQUIRE_ENGINES", "1"},
                               {"CARETAKER_ENGINES_CACHE", "/x"},
                               {"CARETAKER_TEST_ANYTHING", "1"},
                               {"CARETAKER", "1"},
                               {"MY_CARETAKER_STORE", "1"}});
    EXPECT_EQ(problem_lines(parsed), Texts{});
    EXPECT_EQ(paths(parsed), Texts{});
}

TEST(Environment, TakesTheShortFormOfTheStorePath) {
    EXPECT_EQ(paths(parse({{"CARETAKER_STORE", "/a"}})), Texts{"store.path"});
    EXPECT_EQ(problem_lines(parse({{"CARETAKER_STORE", "/a"}, {"CARETAKER_STORE_PATH", "/a"}})),
              Texts{});
    EXPECT_EQ(
        problem_lines(parse({{"CARETAKER_STORE", "/a"}, {"CARETAKER_STORE_PATH", "/b"}})),
        Texts{
            "CARETAKER_STORE: differs from CARETAKER_STORE_PATH, its long form; set one of them"});
}

TEST(Environment, TakesTheShortFormOfTheLogLevel) {
    EXPECT_EQ(paths(parse({{"CARETAKER_LOG", "debug"}})), Texts{"log.level"});
    EXPECT_EQ(
        problem_lines(parse({{"CARETAKER_LOG", "info"}, {"CARETAKER_LOG_LEVEL", "debug"}})),
        Texts{"CARETAKER_LOG: differs from CARETAKER_LOG_LEVEL, its long form; set one of them"});
}

TEST(Environment, ReadsAValueFromTheFileThatAVariableNames) {
    const auto parsed = parse({{"CARETAKER_STATSD_ADDRESS_FILE", "/run/statsd"},
                               {"CARETAKER_TARGETS_PROD_ELASTICSEARCH_URLS_FILE", "/run/urls"},
                               {"CARETAKER_TARGETS_PROD_ELASTICSEARCH_PASSWORD_FILE", "/run/pw"}});
    EXPECT_EQ(problem_lines(parsed), Texts{});
    ASSERT_EQ(paths(parsed),
              (Texts{"statsd.address",
                     "targets.prod.elasticsearch.password_file",
                     "targets.prod.elasticsearch.urls"}));
    EXPECT_EQ(parsed.settings[0].value, SettingValue("in /run/statsd"));
    EXPECT_EQ(parsed.settings[0].origin, "CARETAKER_STATSD_ADDRESS_FILE");
    EXPECT_EQ(parsed.settings[1].value, SettingValue("/run/pw")) << "a key of its own";
    EXPECT_EQ(parsed.settings[2].value, SettingValue(Texts{"in /run/urls"}));
}

TEST(Environment, RefusesAFileThatCannotBeReadAndAValueGivenTwice) {
    EXPECT_EQ(
        problem_lines(parse({{"CARETAKER_STATSD_ADDRESS_FILE", "/missing"},
                             {"CARETAKER_STATSD_PREFIX", "p"},
                             {"CARETAKER_STATSD_PREFIX_FILE", "/run/prefix"},
                             {"CARETAKER_STATSD_MAX_LINES_FILE", "/run/lines"},
                             {"CARETAKER_STORE_FILE", "/run/store"}})),
        (Texts{"CARETAKER_STATSD_ADDRESS_FILE: /missing cannot be used: No such file",
               "CARETAKER_STATSD_MAX_LINES_FILE: 'in /run/lines' is no whole number",
               "CARETAKER_STATSD_PREFIX_FILE: CARETAKER_STATSD_PREFIX is set as well; set "
               "one of them",
               "CARETAKER_STORE_FILE: no setting has this variable; 'caretaker config show' lists "
               "the settings"}));
}

TEST(Environment, TellsAllProblemsAtOnce) {
    EXPECT_EQ(
        problem_lines(parse({{"CARETAKER_LOG_LEVL", "info"},
                             {"CARETAKER_NONSENSE", "1"},
                             {"CARETAKER_STATSD", "statsd:8125"},
                             {"CARETAKER_STATSD_MAX_PAYLOAD", "1"},
                             {"CARETAKER_STATSD_RESOLVE_TIMEOUT", "5"},
                             {"CARETAKER_TARGETS_KAFKA_PROPERTIES", "a=b"},
                             {"CARETAKER_TARGETS_ALL_KAFKA_PROPERTIES", "a=b"},
                             {"CARETAKER_TARGETS_PROD_EU_KAFKA_BOOTSTRAP_SERVER", "k:1"},
                             {"CARETAKER_TARGETS_PROD_ES_URLS", "http://e:9200"}})),
        (Texts{
            "CARETAKER_LOG_LEVL: no setting has this variable; did you mean CARETAKER_LOG_LEVEL?",
            "CARETAKER_NONSENSE: no setting has this variable; 'caretaker config show' lists the "
            "settings",
            "CARETAKER_STATSD: no setting has this variable; 'caretaker config show' lists the "
            "settings",
            "CARETAKER_STATSD_MAX_PAYLOAD: 1 is too small; at least 512",
            "CARETAKER_STATSD_RESOLVE_TIMEOUT: '5' is no duration; write it like 250ms, 90s, 15m, "
            "36h, 7d or 1h30m",
            "CARETAKER_TARGETS_ALL_KAFKA_PROPERTIES: 'all' cannot name a target: a target's name "
            "is 1 to 64 "
            "letters, digits, '-' and '_', and not 'all'",
            "CARETAKER_TARGETS_KAFKA_PROPERTIES: no setting has this variable; it must read "
            "CARETAKER_TARGETS_<NAME>_<SERVICE>_<KEY> with the service "
            "KAFKA, ELASTICSEARCH, MESOS, MARATHON, CHRONOS, KIBANA, DOCKER, LOGSTASH",
            "CARETAKER_TARGETS_PROD_ES_URLS: no setting has this variable; it must read "
            "CARETAKER_TARGETS_<NAME>_<SERVICE>_<KEY> with the service "
            "KAFKA, ELASTICSEARCH, MESOS, MARATHON, CHRONOS, KIBANA, DOCKER, LOGSTASH",
            "CARETAKER_TARGETS_PROD_EU_KAFKA_BOOTSTRAP_SERVER: no setting has this variable; did "
            "you mean "
            "CARETAKER_TARGETS_PROD_EU_KAFKA_BOOTSTRAP_SERVERS?",
        }));
}

}  // namespace
}  // namespace caretaker
