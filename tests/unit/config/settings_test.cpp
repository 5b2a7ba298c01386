// SPDX-License-Identifier: Apache-2.0
// The effective settings: values, defaults, targets and the hash.
#include "common/config/settings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

Setting setting(std::string path, SettingValue value, std::string origin = "test") {
    return {nullptr, std::move(path), std::move(value), std::move(origin)};
}

TEST(Settings, AnswerDefaultsWithTheirOrigin) {
    const Settings settings;
    EXPECT_EQ(settings.text("store.path"), "");
    EXPECT_EQ(settings.find("store.path"), nullptr);
    EXPECT_EQ(settings.text("store.journal"), "auto");
    EXPECT_EQ(settings.text("statsd.address"), "none");
    EXPECT_EQ(settings.integer("statsd.max_payload"), 1400);
    EXPECT_EQ(settings.bytes("store.max_bytes"), 2ULL << 30);
    EXPECT_EQ(settings.duration("statsd.resolve_timeout"), std::chrono::seconds(2));
    EXPECT_FALSE(settings.flag("statsd.host_segment"));
    EXPECT_EQ(settings.find("statsd.max_payload")->origin, "default");
}

TEST(Settings, AnswerDefaultsForAnyTarget) {
    const Settings settings;
    EXPECT_EQ(settings.duration("targets.anything.kafka.connect_timeout"),
              std::chrono::seconds(10));
    EXPECT_EQ(settings.bytes("targets.anything.mesos.max_response"), 256ULL << 20);
    EXPECT_EQ(settings.texts("targets.anything.kafka.bootstrap_servers"), Texts{});
    EXPECT_EQ(settings.map("targets.anything.kafka.properties"), TextMap{});
    EXPECT_EQ(settings.targets(), Texts{});
}

TEST(Settings, KeepTheLastValueSet) {
    Settings settings;
    settings.set(setting("store.path", "/a", "first"));
    settings.set(setting("store.path", "/b", "second"));
    EXPECT_EQ(settings.text("store.path"), "/b");
    EXPECT_EQ(settings.find("store.path")->origin, "second");
    EXPECT_EQ(settings.find("store.path")->spec, find_key("store.path"));
}

TEST(Settings, RefuseWhatIsAProgrammingError) {
    Settings settings;
    EXPECT_THROW(settings.set(setting("store.nothing", "x")), std::logic_error);
    EXPECT_THROW(settings.set(setting("statsd.max_payload", "1400")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.find("store")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.text("nothing")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.text("statsd.max_payload")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.integer("statsd.resolve_timeout")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.duration("store.max_bytes")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.flag("store.path")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.texts("targets.p.kafka.properties")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.map("store.path")), std::logic_error);
    EXPECT_THROW(static_cast<void>(settings.bytes("store.path")), std::logic_error);
}

TEST(Settings, NameTheirTargetsInByteOrder) {
    Settings settings;
    settings.set(setting("targets.a-b.kafka.bootstrap_servers", Texts{"k:1"}));
    settings.set(setting("targets.a.kibana.user", "u"));
    settings.set(setting("targets.a.kafka.bootstrap_servers", Texts{"k:1"}));
    settings.set(setting("targets.Z.docker.urls", Texts{"unix:///var/run/docker.sock"}));
    EXPECT_EQ(settings.targets(), (Texts{"Z", "a", "a-b"}));
}

TEST(Settings, ListEverythingWithAValueByPath) {
    Settings settings;
    settings.set(setting("targets.prod.kafka.bootstrap_servers", Texts{"k:1"}));
    settings.set(setting("store.path", "/a"));
    std::vector<std::string> lines;
    for (const Setting* entry : settings.all()) {
        lines.push_back(entry->path + " " + entry->origin);
    }
    EXPECT_TRUE(std::ranges::is_sorted(lines));
    const auto has = [&](std::string_view line) {
        return std::ranges::find(lines, line) != lines.end();
    };
    EXPECT_TRUE(has("store.path test"));
    EXPECT_TRUE(has("store.journal default"));
    EXPECT_TRUE(has("targets.prod.kafka.bootstrap_servers test"));
    EXPECT_TRUE(has("targets.prod.kafka.connect_timeout default"));
    EXPECT_FALSE(has("targets.prod.mesos.connect_timeout default"))
        << "a service that nobody configured";
    EXPECT_TRUE(std::ranges::none_of(
        lines, [](const auto& line) { return line.find('*') != std::string::npos; }));
}

TEST(Settings, KeepAGivenValueWhenDefaultsJoin) {
    Settings settings;
    settings.set(setting("targets.prod.kafka.connect_timeout", std::int64_t{1'000}));
    settings.set(setting("targets.prod.kafka.bootstrap_servers", Texts{"k:1"}));
    EXPECT_EQ(settings.duration("targets.prod.kafka.connect_timeout"), std::chrono::seconds(1));
}

TEST(SettingsHash, DependsOnValuesOnly) {
    Settings one;
    one.set(setting("store.path", "/a", "file"));
    one.set(setting("log.level", "info", "file"));
    Settings other;
    other.set(setting("log.level", "info", "environment"));
    other.set(setting("store.path", "/a", "flag"));
    EXPECT_EQ(one.hash(), other.hash());
    EXPECT_EQ(one.hash().size(), 16U);
    other.set(setting("store.path", "/b"));
    EXPECT_NE(one.hash(), other.hash());
    EXPECT_NE(Settings().hash(), one.hash());
}

TEST(SettingsHash, DoesNotDependOnSecrets) {
    const auto hash_with = [](std::string password, std::string user) {
        Settings settings;
        settings.set(setting(
            "targets.p.kafka.properties",
            TextMap{{"sasl.username", std::move(user)}, {"sasl.password", std::move(password)}}));
        return settings.hash();
    };
    EXPECT_EQ(hash_with("one", "u"), hash_with("other", "u"));
    EXPECT_NE(hash_with("one", "u"), hash_with("one", "v"));
}

}  // namespace
}  // namespace caretaker
