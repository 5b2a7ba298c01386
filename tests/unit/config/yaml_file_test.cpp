// SPDX-License-Identifier: Apache-2.0
// One configuration file: what is read, and every way to get it wrong.
#include "common/config/yaml_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

ParsedSettings parse(std::string_view text) {
    return parse_yaml_settings(text, "c.yml");
}

Texts problem_lines(std::string_view text) {
    Texts lines;
    for (const ConfigProblem& problem : parse(text).problems) {
        lines.push_back(format_problem(problem));
    }
    return lines;
}

TEST(YamlFile, ReadsEveryTypeWithItsPlace) {
    const auto parsed = parse(R"(# a comment
store:
  path: /var/lib/caretaker/x.db
  max_bytes: "1GiB"
statsd:
  max_payload: 512
  host_segment: true
  resolve_timeout: 500ms
log: {level: debug}
targets:
  prod:
    kafka:
      bootstrap_servers: [k1:9092, "k2:9092"]
      properties:
        security.protocol: SASL_SSL
        socket.timeout.ms: 5000
        enable.ssl.certificate.verification: false
        ssl.ca.pem: |
          line 1
          line 2
    docker:
      urls:
        - unix:///var/run/docker.sock
)");
    EXPECT_EQ(parsed.problems, std::vector<ConfigProblem>{});
    ASSERT_EQ(parsed.settings.size(), 9U);
    EXPECT_EQ(parsed.settings[0].path, "store.path");
    EXPECT_EQ(parsed.settings[0].value, SettingValue("/var/lib/caretaker/x.db"));
    EXPECT_EQ(parsed.settings[0].origin, "c.yml:3:3");
    EXPECT_EQ(parsed.settings[1].value, SettingValue(std::int64_t{1} << 30));
    EXPECT_EQ(parsed.settings[2].value, SettingValue(std::int64_t{512}));
    EXPECT_EQ(parsed.settings[3].value, SettingValue(true));
    EXPECT_EQ(parsed.settings[4].value, SettingValue(std::int64_t{500}));
    EXPECT_EQ(parsed.settings[5].origin, "c.yml:9:7");
    EXPECT_EQ(parsed.settings[6].path, "targets.prod.kafka.bootstrap_servers");
    EXPECT_EQ(parsed.settings[6].value, SettingValue(Texts{"k1:9092", "k2:9092"}));
    EXPECT_EQ(parsed.settings[7].value,
              SettingValue(TextMap{{"security.protocol", "SASL_SSL"},
                                   {"socket.timeout.ms", "5000"},
                                   {"enable.ssl.certificate.verification", "false"},
                                   {"ssl.ca.pem", "line 1\nline 2\n"}}));
    EXPECT_EQ(parsed.settings[8].value, SettingValue(Texts{"unix:///var/run/docker.sock"}));
}

TEST(YamlFile, ReadsJsonToo) {
    const auto parsed = parse(
        R"({"store": {"path": "/x"}, "statsd": {"max_payload": 512, "host_segment": false}})");
    EXPECT_EQ(parsed.problems, std::vector<ConfigProblem>{});
    EXPECT_EQ(parsed.settings.size(), 3U);
}

TEST(YamlFile, TakesEmptyFilesAndSectionsForNothing) {
    for (const std::string_view text : {"",
                                        "\n",
                                        "# only a comment\n",
                                        "---\n",
                                        "--- \n...\n",
                                        "{}",
                                        "store:\n",
                                        "store: {}\ntargets:\n",
                                        "~",
                                        "\xEF\xBB\xBF# with a byte order mark\n"}) {
        const auto parsed = parse(text);
        EXPECT_EQ(problem_lines(text), Texts{}) << text;
        EXPECT_EQ(parsed.settings.size(), 0U) << text;
    }
}

TEST(YamlFile, TellsAllProblemsAtOnce) {
    EXPECT_EQ(
        problem_lines(R"(stor:
  path: /x
store:
  paht: /x
  journal: wall
  max_bytes: 2
  path:
  max_rows_per_run: "5000"
  required: no
statsd:
  max_payload: 99999
  address: 8125
  host_segment: yes
  host_segment: true
  resolve_timeout: 5
  prefix: [a]
log: plain
targets:
  prod.eu:
    kafka: {}
  empty: {}
  prod:
    es:
      urls: [http://e:9200]
    kafka:
      bootstrap_servers: k1:9092
      bootstrap_server: [k1:9092]
      properties: {a: [1], b: 2, b: 3}
      connect_timeout: 1x
    kibana:
      urls: [http://k:5601, 5601, [a]]
      insecure: "true"
      headers:
        - a
)"),
        (Texts{
            "c.yml:1:1: unknown key 'stor'; did you mean 'store'?",
            "c.yml:4:3: unknown key 'store.paht'; did you mean 'store.path'?",
            "c.yml:5:12: 'store.journal': 'wall' is no choice; did you mean 'wal'?",
            "c.yml:6:14: 'store.max_bytes': 2 lacks its unit; write it like 2MiB",
            "c.yml:7:3: 'store.path' has no value; give it one or leave it out",
            "c.yml:8:21: 'store.max_rows_per_run' must be of type integer; take the quotes away",
            "c.yml:9:13: 'store.required': 'no' is no choice; one of auto, always, never",
            "c.yml:11:16: 'statsd.max_payload': 99999 is too large; at most 65467",
            "c.yml:12:12: 'statsd.address' must be text, and 8125 is a number; put it in quotes",
            "c.yml:13:17: 'statsd.host_segment': 'yes' is neither true nor false",
            "c.yml:14:3: 'statsd.host_segment' appears twice; first in line 13",
            "c.yml:15:20: 'statsd.resolve_timeout': 5 lacks its unit; write it like 5s",
            "c.yml:16:11: 'statsd.prefix' must be a single value, not a list",
            "c.yml:17:6: 'log' must be a section, not a single value",
            "c.yml:19:3: 'prod.eu' cannot name a target: a target's name is 1 to 64 letters, "
            "digits, '-' and "
            "'_', and not 'all'",
            "c.yml:21:3: 'targets.empty' sets nothing; add a service or leave it out",
            "c.yml:23:5: unknown key 'targets.prod.es'; known here: kafka, elasticsearch, mesos, "
            "marathon, "
            "chronos, kibana, docker, logstash",
            "c.yml:26:26: 'targets.prod.kafka.bootstrap_servers' must be a list, not a single "
            "value",
            "c.yml:27:7: unknown key 'targets.prod.kafka.bootstrap_server'; did you mean "
            "'targets.prod.kafka.bootstrap_servers'?",
            "c.yml:28:23: 'targets.prod.kafka.properties.a' must be a single value, not a list",
            "c.yml:28:34: 'targets.prod.kafka.properties.b' appears twice; first in line 28",
            "c.yml:29:24: 'targets.prod.kafka.connect_timeout': '1x' is no duration; write it like "
            "250ms, 90s, "
            "15m, 36h, 7d or 1h30m",
            "c.yml:31:29: 'targets.prod.kibana.urls[1]' must be text, and 5601 is a number; put it "
            "in quotes",
            "c.yml:31:35: 'targets.prod.kibana.urls[2]' must be a single value, not a list",
            "c.yml:32:17: 'targets.prod.kibana.insecure' must be of type boolean; take the quotes "
            "away",
            "c.yml:34:9: 'targets.prod.kibana.headers' must be a section, not a list",
        }));
}

TEST(YamlFile, ReturnsWhatWasRightBesideTheProblems) {
    const auto parsed = parse("store: {path: /x, paht: /y}\n");
    EXPECT_EQ(parsed.settings.size(), 1U);
    EXPECT_EQ(parsed.problems.size(), 1U);
}

TEST(YamlFile, TellsTheRightFormOfAFlatKey) {
    EXPECT_EQ(problem_lines("store.path: /x\n"),
              Texts{"c.yml:1:1: unknown key 'store.path'; write its parts as nested sections"});
    EXPECT_EQ(problem_lines("targets:\n  prod:\n    kafka.bootstrap_servers: [a]\n"),
              Texts{"c.yml:3:5: unknown key 'targets.prod.kafka.bootstrap_servers'; write its "
                    "parts as nested sections"});
}

TEST(YamlFile, RefusesARootThatIsNoMap) {
    EXPECT_EQ(problem_lines("- a\n"), Texts{"c.yml:1:1: the file must be a section, not a list"});
    EXPECT_EQ(problem_lines("\n  hello\n"),
              Texts{"c.yml:2:3: the file must be a section, not a single value"});
}

TEST(YamlFile, RefusesASecondDocument) {
    EXPECT_EQ(problem_lines("store: {path: /x}\n---\nlog: {level: info}\n"),
              Texts{"c.yml:2:1: a second document begins here; a file holds one"});
}

TEST(YamlFile, TellsWhereTheYamlIsBroken) {
    EXPECT_EQ(problem_lines("store:\n  path: [a\n"),
              Texts{"c.yml:3:1: end of sequence flow not found"});
    EXPECT_EQ(problem_lines("store: \"abc\n"), Texts{"c.yml:2:1: a quoted text is not closed"});
    const Texts unknown_anchor = problem_lines("store: *nothing\n");
    ASSERT_EQ(unknown_anchor.size(), 1U);  // newer versions of yaml-cpp name the anchor behind it
    EXPECT_TRUE(unknown_anchor[0].starts_with("c.yml:1:8: the referenced anchor is not defined"))
        << unknown_anchor[0];
    EXPECT_EQ(problem_lines("a: b: c\n"), Texts{"c.yml:1:5: illegal map value"});
}

TEST(YamlFile, FollowsAnchors) {
    const auto parsed = parse(R"(targets:
  a:
    kafka: &kafka
      bootstrap_servers: [k:1]
  b:
    kafka: *kafka
)");
    EXPECT_EQ(parsed.problems, std::vector<ConfigProblem>{});
    ASSERT_EQ(parsed.settings.size(), 2U);
    EXPECT_EQ(parsed.settings[1].path, "targets.b.kafka.bootstrap_servers");
    EXPECT_EQ(parsed.settings[1].origin, "c.yml:4:7");
}

TEST(YamlFile, RefusesMergeKeysTagsAndLoops) {
    EXPECT_EQ(problem_lines("store: &s {path: /x}\nlog: {<<: *s}\n"),
              Texts{"c.yml:2:7: merge keys (<<) have no meaning here; repeat the alias"});
    EXPECT_EQ(problem_lines("store: {path: !!str 5}\n"),
              Texts{"c.yml:1:15: 'store.path': tags such as !!str have no meaning here"});
    EXPECT_EQ(problem_lines("store: &s {path: *s}\n"),
              Texts{"c.yml:1:18: the alias stands inside its own anchor"});
    EXPECT_EQ(problem_lines("? [a]\n: b\n"), Texts{"c.yml:1:3: a key must be a word"});
}

TEST(YamlFile, NeverRepeatsAValueOfAMap) {
    const auto lines =
        problem_lines("targets: {p: {kafka: {properties: {sasl.password: \"hunter2\\0\"}}}}\n");
    EXPECT_EQ(lines,
              Texts{"c.yml:1:51: 'targets.p.kafka.properties.sasl.password': holds a zero byte"});
}

TEST(YamlFile, StopsAtAHundredProblems) {
    std::string text;
    for (int i = 0; i < 1'000; ++i) {
        text += "nonsense" + std::to_string(i) + ": 1\n";
    }
    const auto lines = problem_lines(text);
    ASSERT_EQ(lines.size(), 101U);
    EXPECT_EQ(lines.back(), "c.yml: and more; these come first");
}

TEST(YamlFile, SurvivesHostileText) {
    std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 30; ++i) {
        const std::string below = "*a" + std::to_string(i - 1);
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j) {
            laughs += below + (j < 9 ? "," : "]\n");
        }
    }
    EXPECT_FALSE(parse(laughs).problems.empty());

    std::string copies = "targets:\n  t: &t {kafka: {bootstrap_servers: &l [";
    for (int i = 0; i < 1'000; ++i) {
        copies += "k" + std::to_string(i) + ",";
    }
    copies += "z]}}\n";
    for (int i = 0; i < 10'000; ++i) {
        copies += "  t" + std::to_string(i) + ": *t\n";
    }
    const auto parsed = parse(copies);
    EXPECT_LT(parsed.settings.size(), 200U);
    ASSERT_EQ(parsed.problems.size(), 1U);
    EXPECT_EQ(parsed.problems[0].message, "more than 100000 values, aliases counted each time");

    for (const char c : std::string_view("[{-?:&*!|>'\"%@`#,\t\r\xFF")) {
        for (const std::size_t length : {1U, 70U, 600U, 20'000U}) {
            parse(std::string(length, c));
        }
    }
    EXPECT_EQ(problem_lines(std::string(65, '[') + std::string(65, ']')),
              Texts{"c.yml:1:65: more than 64 levels"});
    EXPECT_EQ(problem_lines(std::string((1 << 20) + 1, ' ')),
              Texts{"c.yml: larger than 1048576 bytes"});
    parse(std::string_view("store: {path: \0}", 16));
}

TEST(YamlFile, ReadsNamedSectionsAsAListToo) {
    const auto parsed = parse(R"(cleanup:
  files:
    - name: app-logs
      roots: [/data/logs]
    - {roots: [/tmp], name: tmp}
)");
    EXPECT_TRUE(parsed.problems.empty());
    ASSERT_EQ(parsed.settings.size(), 2U);
    EXPECT_EQ(parsed.settings[0].path, "cleanup.files.app-logs.roots");
    EXPECT_EQ(parsed.settings[0].origin, "c.yml:4:7");
    EXPECT_EQ(parsed.settings[1].path, "cleanup.files.tmp.roots");
}

TEST(YamlFile, NamesWhatIsWrongWithNamedSections) {
    EXPECT_EQ(problem_lines(R"(cleanup:
  files:
    - {roots: [/a]}
    - {name: a b, roots: [/a]}
    - {name: x}
    - {name: y, roots: [/a]}
    - {name: y, roots: [/b]}
    - text
    - {name: z, rots: [/a]}
)"),
              (Texts{
                  "c.yml:3:7: an element of 'cleanup.files' has no name; add 'name: …'",
                  "c.yml:4:14: 'a b' cannot stand in 'cleanup.files': a name is 1 to 64 letters, "
                  "digits, '-' and '_', and not 'all'",
                  "c.yml:5:14: 'cleanup.files.x' sets nothing; add its keys or leave it out",
                  "c.yml:7:14: 'cleanup.files.y' appears twice; first in line 6",
                  "c.yml:8:7: 'cleanup.files[5]' must be a section, not a single value",
                  "c.yml:9:17: unknown key 'cleanup.files.z.rots'; did you mean "
                  "'cleanup.files.z.roots'?",
              }));
    EXPECT_EQ(problem_lines("targets: [{name: a, kafka: {}}]"),
              Texts{"c.yml:1:10: 'targets' must be a section, not a list"});
}

}  // namespace
}  // namespace caretaker
