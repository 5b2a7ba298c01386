// SPDX-License-Identifier: Apache-2.0
// The tables of `config`.
#include "jobs/config/config_view.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace caretaker {
namespace {

void set(Settings& settings, std::string path, SettingValue value, std::string origin) {
    settings.set({nullptr, std::move(path), std::move(value), std::move(origin)});
}

std::vector<Cell> row_of(const Table& table, const std::string& key) {
    const auto row = std::ranges::find_if(
        table.rows, [&](const auto& cells) { return cells.at(0) == Cell(key); });
    return row == table.rows.end() ? std::vector<Cell>{} : *row;
}

TEST(ConfigView, ShowsEachValueAsItWouldBeWrittenWithItsOrigin) {
    Settings settings;
    set(settings, "store.path", "/x", "--store");
    set(settings,
        "targets.p.kafka.bootstrap_servers",
        std::vector<std::string>{"a:1", "b:2"},
        "/c.yml:3:7");
    const Table table = format_settings(settings, true);
    EXPECT_EQ(row_of(table, "store.path"), (std::vector<Cell>{"store.path", "/x", "--store"}));
    EXPECT_EQ(row_of(table, "store.max_bytes"),
              (std::vector<Cell>{"store.max_bytes", "2GiB", "default"}));
    EXPECT_EQ(row_of(table, "statsd.max_payload"),
              (std::vector<Cell>{"statsd.max_payload", "1400", "default"}));
    EXPECT_EQ(row_of(table, "statsd.host_segment"),
              (std::vector<Cell>{"statsd.host_segment", "false", "default"}));
    EXPECT_EQ(row_of(table, "targets.p.kafka.bootstrap_servers"),
              (std::vector<Cell>{"targets.p.kafka.bootstrap_servers", "a:1,b:2", "/c.yml:3:7"}));
    EXPECT_EQ(row_of(table, "targets.p.kafka.connect_timeout"),
              (std::vector<Cell>{"targets.p.kafka.connect_timeout", "10s", "default"}));
}

TEST(ConfigView, ShowsWhereTheStoreIsFoundThatNoSettingNames) {
    const DerivedPath derived{.path = "/home/u/caretaker.db", .origin = "default: in HOME"};
    const Table table = format_settings({}, true, derived);
    EXPECT_EQ(row_of(table, "store.path"),
              (std::vector<Cell>{"store.path", "/home/u/caretaker.db", "default: in HOME"}));
    EXPECT_TRUE(std::ranges::is_sorted(table.rows, {}, [](const auto& row) {
        return std::get<std::string>(row.front());
    })) << "it stands where the setting would";

    Settings settings;
    set(settings, "store.path", "/x", "--store");
    EXPECT_EQ(row_of(format_settings(settings, true, derived), "store.path"),
              (std::vector<Cell>{"store.path", "/x", "--store"}));
    EXPECT_EQ(row_of(format_settings({}, true), "store.path"), std::vector<Cell>{});
}

TEST(ConfigView, HidesTheOriginFromPeopleUnlessTheyAsk) {
    EXPECT_EQ(format_settings({}, true).columns.at(2).shown, Shown::always);
    EXPECT_EQ(format_settings({}, false).columns.at(2).shown, Shown::machine);
}

TEST(ConfigView, NeverShowsASecret) {
    Settings settings;
    set(settings,
        "targets.p.kafka.properties",
        TextMap{{"sasl.password", "hunter2"},
                {"sasl.oauthbearer.client.secret", "hunter2"},
                {"a.token", "hunter2"}},
        "x");
    set(settings, "targets.p.kibana.headers", TextMap{{"Authorization", "ApiKey hunter2"}}, "x");
    set(settings, "targets.p.kibana.urls", std::vector<std::string>{"http://u:hunter2@h"}, "x");
    for (const auto& row : format_settings(settings, true).rows) {
        if (const auto* text = std::get_if<std::string>(&row.at(1))) {
            EXPECT_EQ(text->find("hunter2"), std::string::npos) << *text;
        }
    }
}

TEST(ConfigView, CountsFilesAndSettingsThatWereGiven) {
    Settings settings;
    EXPECT_EQ(count_settings(settings), (SettingsCount{0, 0}));
    set(settings, "store.path", "/x", "/a:b.yml:1:2");
    set(settings, "store.journal", "wal", "/a:b.yml:2:2");
    set(settings, "log.level", "info", "/c.yml:1:2");
    set(settings, "log.format", "plain", "CARETAKER_LOG_FORMAT");
    set(settings, "statsd.prefix", "p", "--statsd-prefix");
    set(settings, "targets.p.kafka.properties_file", "/k", "odd:");
    EXPECT_EQ(count_settings(settings), (SettingsCount{2, 6}));
}

TEST(ConfigView, SaysOkWithTheCounts) {
    const Table table = format_check({.files = 2, .settings = 14});
    EXPECT_EQ(table.rows,
              (std::vector<std::vector<Cell>>{{"ok", std::int64_t{2}, std::int64_t{14}}}));
}

}  // namespace
}  // namespace caretaker
