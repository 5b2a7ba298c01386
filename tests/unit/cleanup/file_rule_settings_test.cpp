// SPDX-License-Identifier: Apache-2.0
// The rules of a configuration file, and every way to get them wrong.
#include "jobs/cleanup/file_rule_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"
#include "common/config/yaml_file.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

Settings settings_of(std::string_view text) {
    ParsedSettings parsed = parse_yaml_settings(text, "c.yml");
    EXPECT_EQ(format_problems(parsed.problems), format_problems({}));
    Settings settings;
    for (Setting& setting : parsed.settings) {
        settings.set(std::move(setting));
    }
    return settings;
}

FileRules load(std::string_view text) {
    return load_file_rules(settings_of(text));
}

std::string error_of(std::string_view text) {
    try {
        load(text);
        return {};
    } catch (const UsageError& error) {
        return error.what();
    }
}

TEST(FileRuleSettings, AreNoneWithoutASection) {
    EXPECT_TRUE(load("").rules.empty());
}

TEST(FileRuleSettings, TakeThePace) {
    const FileRules defaults = load("");
    EXPECT_EQ(defaults.pace.workers_max, 8U);
    EXPECT_EQ(defaults.pace.nice, 10);
    EXPECT_EQ(defaults.pace.rate_files, 0U);
    EXPECT_EQ(defaults.pace.rate_bytes, 0U);
    const FileRules rules =
        load("cleanup: {workers_max: 2, nice: 0, rate_files: 500, rate_bytes: 200MiB}");
    EXPECT_EQ(rules.pace.workers_max, 2U);
    EXPECT_EQ(rules.pace.nice, 0);
    EXPECT_EQ(rules.pace.rate_files, 500U);
    EXPECT_EQ(rules.pace.rate_bytes, std::uint64_t{200} << 20U);
}

TEST(FileRuleSettings, TakeInodesAndTruncation) {
    const FileRules rules = load(
        "cleanup: {files: [{name: a, roots: [/data/a], free_inodes: {low: 5%, high: 10%}, "
        "open_files: truncate, truncate_over: 2GiB}]}");
    ASSERT_EQ(rules.rules.size(), 1U);
    EXPECT_EQ(rules.rules[0].free_inodes->low, 5.0);
    EXPECT_EQ(rules.rules[0].free_inodes->high, 10.0);
    EXPECT_EQ(rules.rules[0].open_files, OpenFiles::truncate);
    EXPECT_EQ(rules.rules[0].truncate_over, std::uint64_t{2} << 30U);
    EXPECT_NE(error_of("cleanup: {files: [{name: a, roots: [/data/a], free_inodes: {low: 5%}}]}"),
              "");
    EXPECT_NE(error_of("cleanup: {files: [{name: a, roots: [/data/a], older_than: 1d, unit: tree, "
                       "open_files: truncate}]}"),
              "");
}

TEST(FileRuleSettings, HaveDefaults) {
    const FileRules rules = load("cleanup: {files: [{name: a, roots: [/data/a], older_than: 7d}]}");
    ASSERT_EQ(rules.rules.size(), 1U);
    const FileRule& rule = rules.rules[0];
    EXPECT_EQ(rule.name, "a");
    EXPECT_EQ(rule.roots, std::vector<std::string>{"/data/a"});
    EXPECT_EQ(rule.older_than, 7 * 24h);
    ASSERT_EQ(rule.match.size(), 1U);
    EXPECT_EQ(rule.match[0].text(), "**");
    EXPECT_EQ(rule.types, std::vector<EntryType>{EntryType::file});
    EXPECT_EQ(rule.age_by, AgeBy::mtime);
    EXPECT_EQ(rule.min_size, 0U);
    EXPECT_EQ(rule.max_size, std::nullopt);
    EXPECT_EQ(rule.max_depth, 32);
    EXPECT_EQ(rule.keep_newest, 0);
    EXPECT_EQ(rule.max_total_size, std::nullopt);
    EXPECT_EQ(rule.min_age, 10min);
    EXPECT_EQ(rule.open_files, OpenFiles::skip);
    EXPECT_FALSE(rule.remove_empty_dirs);
    EXPECT_FALSE(rule.compares_entries());
}

TEST(FileRuleSettings, TakeEveryKey) {
    const FileRules rules = load(R"(cleanup:
  protect: [/data/logs/audit/**]
  files:
    - name: logs
      roots: [/data/logs/*, /tmp]
      match: ["*.log.*", "*.gz"]
      exclude: [keep]
      types: [file, symlink, fifo, socket]
      older_than: 36h
      age_by: newest
      min_size: 1B
      max_size: 10GiB
      min_depth: 2
      max_depth: 5
      keep_newest: 3
      group_by: rule
      max_total_size: 50GiB
      min_age: 1m
      free_space: {low: 10%, high: 12.5%}
      open_files: ignore
      remove_empty_dirs: true
      keep_dirs: [spool]
      missing_root: error
      unit: file
      allow_root: true
      allow_fs: [nfs]
      max_entries: 10
)");
    ASSERT_EQ(rules.rules.size(), 1U);
    const FileRule& rule = rules.rules[0];
    EXPECT_EQ(rules.protect[0].text(), "/data/logs/audit/**");
    EXPECT_EQ(rule.roots, (std::vector<std::string>{"/data/logs/*", "/tmp"}));
    EXPECT_EQ(rule.match.size(), 2U);
    EXPECT_EQ(rule.exclude[0].text(), "keep");
    EXPECT_EQ(rule.types.size(), 4U);
    EXPECT_EQ(rule.older_than, 36h);
    EXPECT_EQ(rule.age_by, AgeBy::newest);
    EXPECT_EQ(rule.min_size, 1U);
    EXPECT_EQ(rule.max_size, 10ULL << 30U);
    EXPECT_EQ(rule.min_depth, 2);
    EXPECT_EQ(rule.max_depth, 5);
    EXPECT_EQ(rule.keep_newest, 3);
    EXPECT_EQ(rule.group_by, GroupBy::rule);
    EXPECT_EQ(rule.max_total_size, 50ULL << 30U);
    EXPECT_EQ(rule.min_age, 1min);
    EXPECT_EQ(rule.free_space->low, 10);
    EXPECT_EQ(rule.free_space->high, 12.5);
    EXPECT_EQ(rule.open_files, OpenFiles::ignore);
    EXPECT_TRUE(rule.remove_empty_dirs);
    EXPECT_EQ(rule.keep_dirs[0].text(), "spool");
    EXPECT_TRUE(rule.needs_roots);
    EXPECT_FALSE(rule.takes_trees);
    EXPECT_TRUE(rule.allow_root);
    EXPECT_EQ(rule.allow_fs, std::vector<std::string>{"nfs"});
    EXPECT_EQ(rule.max_entries, 10);
}

TEST(FileRuleSettings, ComeInTheOrderOfTheirNamesFromAListOrASection) {
    const char* const list =
        "cleanup: {files: [{name: b, roots: [/data/b], keep_newest: 1},\n"
        "                  {name: a, roots: [/data/a], keep_newest: 1}]}";
    const char* const section =
        "cleanup: {files: {b: {roots: [/data/b], keep_newest: 1},\n"
        "                  a: {roots: [/data/a], keep_newest: 1}}}";
    for (const char* text : {list, section}) {
        const FileRules rules = load(text);
        ASSERT_EQ(rules.rules.size(), 2U);
        EXPECT_EQ(rules.rules[0].name, "a");
        EXPECT_EQ(rules.rules[1].roots, std::vector<std::string>{"/data/b"});
    }
}

TEST(FileRuleSettings, NeedALimit) {
    const std::string error = error_of("cleanup: {files: [{name: a, roots: [/data/a]}]}");
    EXPECT_NE(error.find("c.yml:1:29"), std::string::npos) << error;
    EXPECT_NE(error.find("the rule 'a' limits nothing; add older_than, keep_newest, "
                         "max_total_size, free_space or free_inodes"),
              std::string::npos)
        << error;
}

TEST(FileRuleSettings, NameEveryMistakeAtOnce) {
    const std::string error = error_of(R"(cleanup:
  protect: [relative/**, "[x"]
  files:
    - {name: a, older_than: 1d}
    - {name: b, roots: [/, logs, /etc/x, "/data/**", "/data/{a,b}"], older_than: 1d}
    - {name: c, roots: [/data/c], older_than: 1d, match: ["{x"], types: [device], min_depth: 3,
       max_depth: 2, min_size: 2B, max_size: 1B, allow_fs: [ext4]}
    - {name: d, roots: [/data/d], older_than: 1d, unit: tree, remove_empty_dirs: true}
    - {name: e, roots: [/data/e], free_space: {low: 20%, high: 10%}}
    - {name: f, roots: [/data/f], free_space: {low: 100%}}
)");
    for (const char* part : {"'relative/**' is not absolute",
                             "'[x' is no pattern: '[' is never closed",
                             "cleanup.files.a.roots: is missing",
                             "'/' is the whole system",
                             "'logs' is not absolute",
                             "'/etc/x' lies in /etc",
                             "'/data/**' holds '**'",
                             "'/data/{a,b}' holds braces",
                             "'{x' is no pattern: '{' is never closed",
                             "'device' is no type; one of file, symlink, fifo, socket",
                             "'cleanup.files.c.min_depth': is larger than max_depth",
                             "'cleanup.files.c.max_size': is smaller than min_size",
                             "'cleanup.files.d.remove_empty_dirs': has no meaning together with "
                             "unit: tree",
                             "'cleanup.files.e.free_space.high': is not larger than low",
                             "'cleanup.files.f.free_space.low': '100%' is no share",
                             "cleanup.files.f.free_space.high: is missing; low and high",
                             "'ext4' is no file system that is refused"}) {
        EXPECT_NE(error.find(part), std::string::npos) << part << "\n" << error;
    }
}

TEST(FileRuleSettings, RefuseTheDirectoryOfTheStore) {
    const std::string error = error_of(
        "store: {path: /data/caretaker/c.db}\n"
        "cleanup: {files: [{name: a, roots: [/data/caretaker], older_than: 1d}]}");
    EXPECT_NE(error.find("'/data/caretaker' holds the store"), std::string::npos) << error;
}

}  // namespace
}  // namespace caretaker
