// SPDX-License-Identifier: Apache-2.0
// Values from one text, and back.
#include "common/config/setting_value.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

SettingValue value_of(std::string_view path, std::string_view text) {
    auto parsed = parse_setting_value(*find_key(path), text);
    EXPECT_EQ(parsed.error, "") << path << " = " << text;
    return parsed.value.value_or(SettingValue{});
}

std::string error_of(std::string_view path, std::string_view text) {
    const auto parsed = parse_setting_value(*find_key(path), text);
    EXPECT_FALSE(parsed.value) << path << " = " << text;
    return parsed.error;
}

std::string shown(std::string_view path, SettingValue value) {
    return format_setting_value({find_key(path), std::string(path), std::move(value), ""});
}

TEST(SettingValue, ReadsEveryType) {
    EXPECT_EQ(value_of("store.path", "/x y"), SettingValue("/x y"));
    EXPECT_EQ(value_of("statsd.max_payload", "512"), SettingValue(std::int64_t{512}));
    EXPECT_EQ(value_of("statsd.host_segment", "true"), SettingValue(true));
    EXPECT_EQ(value_of("statsd.resolve_timeout", "1m"), SettingValue(std::int64_t{60'000}));
    EXPECT_EQ(value_of("store.max_bytes", "1MiB"), SettingValue(std::int64_t{1 << 20}));
    EXPECT_EQ(value_of("store.journal", "wal"), SettingValue("wal"));
    EXPECT_EQ(value_of("targets.p.kafka.bootstrap_servers", "k1:9092,k2:9092"),
              SettingValue(Texts{"k1:9092", "k2:9092"}));
    EXPECT_EQ(value_of("targets.p.kafka.properties", "a=1,b.c=x=y,d="),
              SettingValue(TextMap{{"a", "1"}, {"b.c", "x=y"}, {"d", ""}}));
}

TEST(SettingValue, KeepsEscapedCommas) {
    EXPECT_EQ(value_of("targets.p.kafka.properties", R"(sasl.password=a\,b\\c\d,e=f)"),
              SettingValue(TextMap{{"sasl.password", R"(a,b\c\d)"}, {"e", "f"}}));
    EXPECT_EQ(value_of("targets.p.kafka.bootstrap_servers", R"(a\,b,c)"),
              SettingValue(Texts{"a,b", "c"}));
}

TEST(SettingValue, TellsWhatIsWrong) {
    EXPECT_EQ(error_of("statsd.max_payload", "511"), "511 is too small; at least 512");
    EXPECT_EQ(error_of("statsd.max_payload", "65468"), "65468 is too large; at most 65467");
    EXPECT_EQ(error_of("statsd.max_payload", "99999999999999999999"),
              "99999999999999999999 is out of range");
    for (const std::string_view text :
         {"", "x", "1400x", "0x600", "1e3", "1400.0", "+1400", " 1400", "01400", "-", "-01"}) {
        EXPECT_EQ(error_of("statsd.max_payload", text),
                  "'" + std::string(text) + "' is no whole number");
    }
    EXPECT_EQ(error_of("statsd.host_segment", "yes"), "'yes' is neither true nor false");
    EXPECT_EQ(error_of("statsd.resolve_timeout", "2"),
              "'2' is no duration; write it like 250ms, 90s, 15m, 36h, 7d or 1h30m");
    EXPECT_EQ(error_of("statsd.resolve_timeout", "2h"), "2h is too large; at most 1m");
    EXPECT_EQ(error_of("statsd.resolve_timeout", "0s"), "0s is too small; at least 10ms");
    EXPECT_EQ(error_of("store.max_bytes", "2"), "'2' is no size; write it like 512MB or 2GiB");
    EXPECT_EQ(error_of("store.max_bytes", "16000PiB"), "16000PiB is too large; at most 1TiB");
    EXPECT_EQ(error_of("store.journal", "wall"), "'wall' is no choice; did you mean 'wal'?");
    EXPECT_EQ(error_of("store.journal", "delete"),
              "'delete' is no choice; one of auto, wal, truncate");
    EXPECT_EQ(error_of("targets.p.kafka.bootstrap_servers", "a,,b"),
              "the list has an empty element");
    EXPECT_EQ(error_of("targets.p.kafka.properties", "a=1,a=2"), "'a' appears twice");
    EXPECT_EQ(error_of("store.path", "a\nb"), "holds a control character");
    EXPECT_EQ(error_of("store.path", std::string_view("a\0b", 3)), "holds a zero byte");
}

TEST(SettingValue, DoesNotRepeatPiecesOfAMapThatMayBeSecret) {
    const auto error = error_of("targets.p.kafka.properties", "sasl.password=hunter2,more");
    EXPECT_EQ(error.find("hunter2"), std::string::npos);
    EXPECT_EQ(error.find("more"), std::string::npos);
}

TEST(SettingValue, LetsMapsHoldSeveralLines) {
    EXPECT_EQ(value_of("targets.p.kafka.properties", "ssl.ca.pem=a\nb"),
              SettingValue(TextMap{{"ssl.ca.pem", "a\nb"}}));
}

TEST(SettingValue, IsShownAsItIsRead) {
    EXPECT_EQ(shown("store.max_bytes", std::int64_t{2} << 30), "2GiB");
    EXPECT_EQ(shown("statsd.resolve_timeout", std::int64_t{90'000}), "90s");
    EXPECT_EQ(shown("statsd.max_payload", std::int64_t{1400}), "1400");
    EXPECT_EQ(shown("statsd.host_segment", false), "false");
    EXPECT_EQ(shown("targets.p.kafka.bootstrap_servers", Texts{"a,b", "c\\"}), R"(a\,b,c\\)");
    EXPECT_EQ(shown("targets.p.kafka.bootstrap_servers", Texts{}), "");
}

TEST(SettingValue, IsShownWithoutSecrets) {
    EXPECT_EQ(shown("targets.p.kafka.properties",
                    TextMap{{"sasl.username", "u"}, {"sasl.password", "p"}, {"ssl.key.pem", "k"}}),
              "sasl.username=u,sasl.password=***,ssl.key.pem=***");
    EXPECT_EQ(shown("targets.p.kibana.headers",
                    TextMap{{"Authorization", "Bearer x"}, {"kbn-xsrf", "true"}}),
              "Authorization=***,kbn-xsrf=true");
    EXPECT_EQ(shown("targets.p.kibana.urls", Texts{"http://u:p@h:5601"}), "http://***@h:5601");
    EXPECT_EQ(shown("targets.p.kibana.proxy", "http://u:p@proxy"), "http://***@proxy");
    const KeySpec secret{.path = "x", .secret = true};
    EXPECT_EQ(format_setting_value({&secret, "x", "p", ""}), "***");
}

TEST(SettingValue, KnowsWhereASecretIsHeld) {
    const auto holds = [](std::string_view path, SettingValue value) {
        return holds_secret({find_key(path), std::string(path), std::move(value), ""});
    };
    EXPECT_TRUE(holds("targets.p.kafka.properties", TextMap{{"a", "1"}, {"sasl.password", "p"}}));
    EXPECT_TRUE(holds("targets.p.kibana.urls", Texts{"http://u:p@h"}));
    EXPECT_TRUE(holds("targets.p.kibana.proxy", "http://u:p@h"));
    EXPECT_FALSE(holds("targets.p.kafka.properties", TextMap{{"security.protocol", "SSL"}}));
    EXPECT_FALSE(holds("targets.p.kibana.password_file", "/run/secrets/kibana"));
    EXPECT_FALSE(holds("statsd.max_payload", std::int64_t{1400}));
}

TEST(SettingValue, ShowsDurationsInOneUnitThatReadsBackTheSame) {
    const KeySpec& spec = *find_key("store.retention.runs");
    const auto shown = [&](std::int64_t milliseconds) {
        return format_setting_value({&spec, std::string(spec.path), milliseconds, "x"});
    };
    constexpr std::int64_t minute = 60'000;
    constexpr std::int64_t day = 24 * 60 * minute;
    EXPECT_EQ(shown(400 * day), "400d");
    EXPECT_EQ(shown(7 * day), "7d");
    EXPECT_EQ(shown(36 * 60 * minute), "36h");
    EXPECT_EQ(shown(90 * minute), "90m");
    EXPECT_EQ(shown(90'000), "90s");
    EXPECT_EQ(shown(1'500), "1500ms");
    EXPECT_EQ(shown(0), "0s");
    for (const std::int64_t value : {day, day + 1, 400 * day, day + minute, 2 * day + 1'000}) {
        const auto read = parse_setting_value(spec, shown(value));
        ASSERT_TRUE(read.value) << shown(value);
        EXPECT_EQ(std::get<std::int64_t>(*read.value), value) << shown(value);
    }
}

}  // namespace
}  // namespace caretaker
