// SPDX-License-Identifier: Apache-2.0
// The line format, aggregation and packing.
#include "common/metrics/statsd_lines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <clocale>
#include <limits>
#include <locale>
#include <regex>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Lines = std::vector<std::string>;

const StatsdNaming naming{.prefix = "caretaker", .job = "lag", .target = "prod", .host = {}};

Metric counter(std::string name, double value) {
    return {.name = std::move(name), .kind = MetricKind::counter, .value = value};
}

Metric gauge(std::string name, double value, std::vector<Label> labels = {}) {
    return {.name = std::move(name),
            .kind = MetricKind::gauge,
            .value = value,
            .unit = {},
            .labels = std::move(labels)};
}

Metric timer(std::string name, double value) {
    return {.name = std::move(name), .kind = MetricKind::timer, .value = value, .unit = "ms"};
}

Lines lines_of(const std::vector<Metric>& metrics) {
    return format_statsd(metrics, naming).lines;
}

TEST(StatsdNumber, HasNoExponentNoSuperfluousDigitAndAPoint) {
    struct Case {
        double value;
        std::string text;
    };

    const std::vector<Case> cases{
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1, "-1"},
        {100, "100"},
        {1'234'567, "1234567"},
        {9'007'199'254'740'992.0, "9007199254740992"},
        {1e18, "1000000000000000000"},
        {0.5, "0.5"},
        {0.1, "0.1"},
        {1.0 / 3, "0.333333"},
        {2.0 / 3, "0.666667"},
        {1e-6, "0.000001"},
        {1e-7, "0"},
        {-1e-7, "0"},
        {-2.5, "-2.5"},
        {1'500.25, "1500.25"},
    };
    for (const auto& [value, text] : cases) {
        EXPECT_EQ(format_statsd_number(value), text);
    }
    const auto largest = format_statsd_number(std::numeric_limits<double>::max());
    ASSERT_TRUE(largest);
    EXPECT_EQ(largest->size(), 309U);
    EXPECT_EQ(format_statsd_number(std::numeric_limits<double>::lowest())->size(), 310U);
}

TEST(StatsdNumber, DoesNotExistForNanAndInfinities) {
    EXPECT_FALSE(format_statsd_number(std::numeric_limits<double>::quiet_NaN()));
    EXPECT_FALSE(format_statsd_number(std::numeric_limits<double>::infinity()));
    EXPECT_FALSE(format_statsd_number(-std::numeric_limits<double>::infinity()));
}

/// Numbers as a German locale writes them: "1.234,5".
class GermanNumbers : public std::numpunct<char> {
    [[nodiscard]] char do_decimal_point() const override { return ','; }

    [[nodiscard]] char do_thousands_sep() const override { return '.'; }

    [[nodiscard]] std::string do_grouping() const override { return "\3"; }
};

TEST(StatsdNumber, IsTheSameUnderALocaleWithAComma) {
    std::setlocale(LC_ALL, "de_DE.UTF-8");  // stays as it is where no such locale is installed
    const std::locale before =
        std::locale::global(std::locale(std::locale::classic(), new GermanNumbers));
    const auto text = format_statsd_number(1'234.5);
    const Lines lines = lines_of({gauge("a", 1'234.5), timer("t", 1'000'000)});
    std::locale::global(before);
    std::setlocale(LC_ALL, "C");
    EXPECT_EQ(text, "1234.5");
    EXPECT_EQ(lines, (Lines{"caretaker.lag.prod.a:1234.5|g", "caretaker.lag.prod.t:1000000|ms"}));
}

TEST(StatsdLines, WritesNameValueAndType) {
    EXPECT_EQ(
        lines_of(
            {counter("run.started", 1), gauge("run.exit_code", 0), timer("run.duration", 12.5)}),
        (Lines{"caretaker.lag.prod.run.started:1|c",
               "caretaker.lag.prod.run.exit_code:0|g",
               "caretaker.lag.prod.run.duration:12.5|ms"}));
}

TEST(StatsdLines, PutsLabelsAsSegmentsBetweenTargetAndName) {
    EXPECT_EQ(lines_of({gauge("lag", 5, {{"group", "billing"}, {"topic", "logs.app"}})}),
              (Lines{"caretaker.lag.prod.group.billing.topic.logs_app.lag:5|g"}));
}

TEST(StatsdLines, SplitsPrefixAndNameAtDotsAndNothingElse) {
    const StatsdNaming dotted{
        .prefix = "logs.prod", .job = "la.g", .target = "eu.west", .host = "es1.example.org"};
    const std::vector<Metric> metrics{counter("a.b", 1)};
    EXPECT_EQ(format_statsd(metrics, dotted).lines,
              (Lines{"logs.prod.la_g.eu_west.es1_example_org.a.b:1|c"}));
}

TEST(StatsdLines, PutsDryBeforeTheNameOfADryRun) {
    StatsdNaming dry = naming;
    dry.dry_run = true;
    EXPECT_EQ(format_statsd(std::vector{counter("run.ok", 1)}, dry).lines,
              (Lines{"caretaker.lag.prod.dry.run.ok:1|c"}));
    dry.dialect = StatsdDialect::graphite;
    EXPECT_EQ(format_statsd(std::vector{counter("run.ok", 1)}, dry).lines,
              (Lines{"caretaker.lag.dry.run.ok;target=prod:1|c"}));
}

struct DialectCase {
    StatsdDialect dialect;
    std::string word;
    std::string line;
    std::string negative;
};

const std::vector<DialectCase> dialects{
    {StatsdDialect::none,
     "none",
     "p.lag.logs-prod.agent-1.group.billing.topic.a_b_c.lag.total:5|g",
     "p.lag.logs-prod.agent-1.x:0|g\np.lag.logs-prod.agent-1.x:-5|g"},
    {StatsdDialect::graphite,
     "graphite",
     "p.lag.lag.total;target=logs-prod;host=agent-1;group=billing;topic=a_b_c:5|g",
     "p.lag.x;target=logs-prod;host=agent-1:0|g\np.lag.x;target=logs-prod;host=agent-1:-5|g"},
    {StatsdDialect::influx,
     "influx",
     "p.lag.lag.total,target=logs-prod,host=agent-1,group=billing,topic=a_b_c:5|g",
     "p.lag.x,target=logs-prod,host=agent-1:0|g\np.lag.x,target=logs-prod,host=agent-1:-5|g"},
    {StatsdDialect::dogstatsd,
     "dogstatsd",
     "p.lag.lag.total:5|g|#target:logs-prod,host:agent-1,group:billing,topic:a.b/c",
     "p.lag.x:0|g|#target:logs-prod,host:agent-1\np.lag.x:-5|g|#target:logs-prod,host:agent-1"},
    {StatsdDialect::librato,
     "librato",
     "p.lag.lag.total#target=logs-prod,host=agent-1,group=billing,topic=a_b_c:5|g",
     "p.lag.x#target=logs-prod,host=agent-1:0|g\np.lag.x#target=logs-prod,host=agent-1:-5|g"},
    {StatsdDialect::signalfx,
     "signalfx",
     "p.lag.lag.total[target=logs-prod,host=agent-1,group=billing,topic=a_b_c]:5|g",
     "p.lag.x[target=logs-prod,host=agent-1]:0|g\np.lag.x[target=logs-prod,host=agent-1]:-5|g"},
};

TEST(StatsdDialects, PutTheirTagsWhereTheirReceiversLookForThem) {
    for (const DialectCase& expected : dialects) {
        const StatsdNaming tagged{.prefix = "p",
                                  .job = "lag",
                                  .target = "logs-prod",
                                  .host = "agent-1",
                                  .dialect = expected.dialect};
        EXPECT_EQ(parse_statsd_dialect(expected.word), expected.dialect);
        EXPECT_EQ(format_statsd(
                      std::vector{gauge("lag.total", 5, {{"group", "billing"}, {"topic", "a.b/c"}}),
                                  gauge("x", -5)},
                      tagged)
                      .lines,
                  (Lines{expected.line, expected.negative}));
    }
}

TEST(StatsdDialects, CleanKeysAndValuesOfEverythingThatEndsATag) {
    for (const DialectCase& expected : dialects) {
        StatsdNaming tagged = naming;
        tagged.dialect = expected.dialect;
        const auto line =
            format_statsd(std::vector{gauge("x", 1, {{"k:;,=#|[]\n", "v:;,=#|[]\nw"}})}, tagged)
                .lines.at(0);
        EXPECT_NE(line.find("v_w"), std::string::npos) << line;
        EXPECT_EQ(line.find('\n'), std::string::npos) << line;
        EXPECT_EQ(std::ranges::count(line, '|'), expected.word == "dogstatsd" ? 2 : 1) << line;
    }
}

TEST(StatsdDialects, KeepApartTagsThatCleaningMakesEqual) {
    StatsdNaming tagged = naming;
    tagged.dialect = StatsdDialect::influx;
    const auto lines = format_statsd(std::vector{gauge("x", 1, {{"group", "a.b"}}),
                                                 gauge("x", 2, {{"group", "a_b"}})},
                                     tagged)
                           .lines;
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_TRUE(std::regex_match(
        lines[0], std::regex("caretaker\\.lag\\.x,target=prod,group=a_b_[0-9a-f]{8}:1\\|g")))
        << lines[0];
    EXPECT_EQ(lines[1], "caretaker.lag.x,target=prod,group=a_b:2|g");
}

TEST(StatsdDialects, SendTimesAsHistogramsOnlyToThoseWhoHaveThem) {
    for (const DialectCase& expected : dialects) {
        StatsdNaming tagged = naming;
        tagged.dialect = expected.dialect;
        tagged.histograms = true;
        const auto line = format_statsd(std::vector{timer("t", 17)}, tagged).lines.at(0);
        const bool as_histogram = expected.word == "dogstatsd";
        EXPECT_NE(line.find(as_histogram ? ":17|h|#" : ":17|ms"), std::string::npos) << line;
    }
}

TEST(StatsdLines, GoesWithoutPrefixWhereThereIsNone) {
    const StatsdNaming bare{.prefix = "", .job = "lag", .target = "", .host = ""};
    const std::vector<Metric> metrics{counter("a", 1)};
    EXPECT_EQ(format_statsd(metrics, bare).lines, (Lines{"lag.unknown.a:1|c"}));
}

TEST(StatsdLines, WritesANegativeGaugeAsZeroAndValueInOneEntry) {
    EXPECT_EQ(lines_of({gauge("delta", -5)}),
              (Lines{"caretaker.lag.prod.delta:0|g\ncaretaker.lag.prod.delta:-5|g"}));
}

TEST(StatsdLines, KeepsTheSignOfANegativeCounter) {
    EXPECT_EQ(lines_of({counter("delta", -5)}), (Lines{"caretaker.lag.prod.delta:-5|c"}));
}

TEST(StatsdLines, AggregatesWithinTheRun) {
    EXPECT_EQ(lines_of({counter("c", 1),
                        gauge("g", 7),
                        timer("t", 3),
                        counter("c", 2.5),
                        gauge("g", -1),
                        gauge("g", 8),
                        timer("t", 3)}),
              (Lines{"caretaker.lag.prod.c:3.5|c",
                     "caretaker.lag.prod.g:8|g",
                     "caretaker.lag.prod.t:3|ms",
                     "caretaker.lag.prod.t:3|ms"}));
}

TEST(StatsdLines, AggregatesByLabelsToo) {
    EXPECT_EQ(lines_of({gauge("lag", 1, {{"group", "a"}}), gauge("lag", 2, {{"group", "b"}})}),
              (Lines{"caretaker.lag.prod.group.a.lag:1|g", "caretaker.lag.prod.group.b.lag:2|g"}));
}

TEST(StatsdLines, NeverMergesLabelsThatCleaningMakesEqual) {
    const Lines lines =
        lines_of({gauge("lag", 1, {{"group", "a.b"}}), gauge("lag", 2, {{"group", "a_b"}})});
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_TRUE(std::regex_match(
        lines[0], std::regex(R"(caretaker\.lag\.prod\.group\.a_b_[0-9a-f]{8}\.lag:1\|g)")))
        << lines[0];
    EXPECT_EQ(lines[1], "caretaker.lag.prod.group.a_b.lag:2|g");
}

TEST(StatsdLines, DropsAndCountsWhatNoServerTakes) {
    const double infinity = std::numeric_limits<double>::infinity();
    const double largest = std::numeric_limits<double>::max();
    const std::vector<Metric> metrics{gauge("a", std::numeric_limits<double>::quiet_NaN()),
                                      counter("b", infinity),
                                      gauge("c", -infinity),
                                      timer("d", -1),
                                      counter("e", largest),
                                      counter("e", largest),
                                      gauge("f", 1)};
    const StatsdLines out = format_statsd(metrics, naming);
    EXPECT_EQ(out.lines, (Lines{"caretaker.lag.prod.f:1|g"}));
    EXPECT_EQ(out.dropped, 5U);
}

TEST(StatsdLines, ANanDoesNotSpoilTheCounterItWouldHaveJoined) {
    EXPECT_EQ(lines_of({counter("c", 1),
                        counter("c", std::numeric_limits<double>::quiet_NaN()),
                        counter("c", 1)}),
              (Lines{"caretaker.lag.prod.c:2|c"}));
}

TEST(StatsdLines, DropsTheLastOnesBeyondTheLimit) {
    const std::vector<Metric> metrics{gauge("a", 1), gauge("b", -1), gauge("c", 1), gauge("d", 1)};
    EXPECT_EQ(format_statsd(metrics, naming, 4).dropped, 1U);
    EXPECT_EQ(format_statsd(metrics, naming, 5).dropped, 0U);
    EXPECT_EQ(format_statsd(metrics, naming, 3).lines.size(), 2U);
    const StatsdLines two = format_statsd(metrics, naming, 2);  // the pair does not fit
    EXPECT_EQ(two.lines, (Lines{"caretaker.lag.prod.a:1|g"}));
    EXPECT_EQ(two.dropped, 3U);
    EXPECT_EQ(format_statsd(metrics, naming, 0).dropped, 4U);
}

TEST(StatsdLines, StaysWellFormedUnderHostileNames) {
    const std::vector<std::string> hostile{
        "",
        "a\nb:1|c",
        "x:5|g|@0.1|#tag:v",
        "\xF0\x9F\x92\xA9",
        "\xFF",
        std::string("\0", 1),
        std::string(300, 'z'),
        std::string(300, '.'),
        "..",
        "a;b=c",
        "a,b=c",
        "constructor",
        "__proto__",
    };
    std::vector<Metric> metrics;
    for (const std::string& name : hostile) {
        metrics.push_back(gauge(name, -1, {{name, name}, {"group", name}}));
        metrics.push_back(counter(name, 1));
        metrics.push_back(timer(name, 1));
    }
    for (const std::string& job : hostile) {
        const StatsdNaming names{.prefix = job, .job = job, .target = job, .host = job};
        const StatsdLines out = format_statsd(metrics, names);
        EXPECT_EQ(out.dropped, 0U);
        const std::regex line(R"([A-Za-z0-9_.-]{1,200}:-?[0-9]+(\.[0-9]+)?\|(c|g|ms))");
        for (const std::string& entry : out.lines) {
            const std::size_t middle = entry.find('\n');
            EXPECT_TRUE(std::regex_match(entry.substr(0, middle), line)) << entry;
            if (middle != std::string::npos) {
                EXPECT_TRUE(std::regex_match(entry.substr(middle + 1), line)) << entry;
            }
            EXPECT_EQ(entry.find(".."), std::string::npos) << entry;
        }
    }
}

TEST(Datagrams, FillUpToTheLimitAndEndEachLine) {
    const Lines lines{"aaaa", "bbbb", "cc"};
    const Datagrams packed = pack_datagrams(lines, 10);
    ASSERT_EQ(packed.datagrams.size(), 2U);
    EXPECT_EQ(packed.datagrams[0].payload, "aaaa\nbbbb\n");
    EXPECT_EQ(packed.datagrams[0].lines, 2U);
    EXPECT_EQ(packed.datagrams[1].payload, "cc\n");
    EXPECT_EQ(packed.datagrams[1].lines, 1U);
    EXPECT_EQ(packed.dropped, 0U);
}

TEST(Datagrams, KeepTheTwoLinesOfAnEntryTogether) {
    const Lines lines{"aaaa", "x:0|g\nx:-5|g"};
    const Datagrams packed = pack_datagrams(lines, 16);
    ASSERT_EQ(packed.datagrams.size(), 2U);
    EXPECT_EQ(packed.datagrams[1].payload, "x:0|g\nx:-5|g\n");
}

TEST(Datagrams, LeaveOutALineThatIsTooLongAndCutNone) {
    const Lines lines{std::string(10, 'a'), std::string(9, 'b')};
    const Datagrams packed = pack_datagrams(lines, 10);
    ASSERT_EQ(packed.datagrams.size(), 1U);
    EXPECT_EQ(packed.datagrams[0].payload, std::string(9, 'b') + "\n");
    EXPECT_EQ(packed.dropped, 1U);
}

TEST(Datagrams, AreNoneForNoLines) {
    EXPECT_TRUE(pack_datagrams({}, 1'400).datagrams.empty());
}

TEST(Datagrams, HoldEveryLineOnceAndInOrder) {
    std::vector<Metric> metrics;
    for (int i = 0; i < 2'000; ++i) {
        metrics.push_back(gauge("lag", i - 1'000, {{"partition", std::to_string(i)}}));
    }
    const Lines lines = format_statsd(metrics, naming).lines;
    const Datagrams packed = pack_datagrams(lines, 1'400);
    std::string sent;
    std::size_t count = 0;
    for (const Datagram& datagram : packed.datagrams) {
        EXPECT_LE(datagram.payload.size(), 1'400U);
        sent += datagram.payload;
        count += datagram.lines;
    }
    std::string expected;
    for (const std::string& line : lines) {
        expected += line + "\n";
    }
    EXPECT_EQ(sent, expected);
    EXPECT_EQ(count, lines.size());
}

}  // namespace
}  // namespace caretaker
