// SPDX-License-Identifier: Apache-2.0
// Other tools' configurations as rules of ours.
#include "jobs/cleanup/import_model.hpp"

#include "common/config/yaml_file.hpp"
#include "jobs/cleanup/import_tmpfiles_model.hpp"
#include "jobs/cleanup/import_tmpreaper_model.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

TEST(ImportTmpfiles, TakesLinesWithAnAge) {
    const ImportedRules imported = import_tmpfiles(
        "# comment\n"
        "\n"
        "d /tmp 1777 root root 10d\n"
        "q /var/tmp 1777 root root 30d\n"
        "e /var/cache/app-*/ - - - 1h30m\n"
        "d /run/lock 0755 root root -\n"
        "L /run/shm - - - - /dev/shm\n");
    ASSERT_EQ(imported.rules.size(), 3U);
    EXPECT_EQ(imported.rules[0].name, "tmp");
    EXPECT_EQ(imported.rules[0].roots, Words{"/tmp"});
    EXPECT_EQ(imported.rules[0].older_than, "10d");
    EXPECT_EQ(imported.rules[0].age_by, "newest");
    EXPECT_EQ(imported.rules[1].name, "var-tmp");
    EXPECT_EQ(imported.rules[2].roots, Words{"/var/cache/app-*"});
    EXPECT_EQ(imported.rules[2].older_than, "1h30m");
    EXPECT_EQ(imported.remarks.size(), 1U) << "what tmpfiles looks at besides";
}

TEST(ImportTmpfiles, ReadsAgesOfEveryForm) {
    const auto age = [](const std::string& text) {
        const ImportedRules imported = import_tmpfiles("e /data/x - - - " + text + "\n");
        return imported.rules.empty() ? "-" : imported.rules[0].older_than;
    };
    EXPECT_EQ(age("10d"), "10d");
    EXPECT_EQ(age("1h30m"), "1h30m");
    EXPECT_EQ(age("90"), "1m30s");
    EXPECT_EQ(age("0"), "1ms");
    EXPECT_EQ(age("1w2days"), "9d");
    EXPECT_EQ(age("10x"), "-");
    EXPECT_EQ(age("d"), "-");
    EXPECT_EQ(age("-1d"), "-");
    EXPECT_EQ(age("99999999999d"), "-");
    const ImportedRules first_level = import_tmpfiles("e /data/x - - - ~m:5d");
    EXPECT_EQ(first_level.rules[0].min_depth, 2);
    EXPECT_EQ(first_level.rules[0].age_by, "mtime");
}

TEST(ImportTmpfiles, TakesProtection) {
    const ImportedRules imported = import_tmpfiles(
        "x /tmp/systemd-private-%b-*\n"
        "x /tmp/keep-*\n"
        "X /tmp/spool\n"
        "X /other\n"
        "d /tmp - - - 10d\n");
    EXPECT_EQ(imported.protect, Words{"/tmp/keep-*"});
    ASSERT_EQ(imported.rules.size(), 1U);
    EXPECT_EQ(imported.rules[0].keep_dirs, Words{"/spool"});
    EXPECT_EQ(imported.remarks[0],
              "Line 1: /tmp/systemd-private-%b-* holds a specifier, which is not known here.");
    EXPECT_EQ(imported.remarks[1],
              "Line 4: /other lies below no rule; set keep_dirs where it does.");
}

TEST(ImportTmpfiles, SaysWhatHasNoCounterpart) {
    const ImportedRules imported = import_tmpfiles(
        "r! /tmp/.X[0-9]*-lock\n"
        "R /data/x\n"
        "e data - - - 1d\n"
        "e /var/log - - - 1d\n"
        "broken\n");
    EXPECT_TRUE(imported.rules.empty());
    EXPECT_EQ(imported.remarks.size(), 5U);
    EXPECT_EQ(imported.remarks[1],
              "Line 2: R /data/x deletes without regard to age and has no counterpart.");
}

TEST(ImportTmpreaper, TakesItsVariables) {
    const ImportedRules imported = import_tmpreaper(
        "# tmpreaper.conf\n"
        "TMPREAPER_TIME=12\n"
        "TMPREAPER_PROTECT_EXTRA='/tmp/isdn.* keep'\n"
        "TMPREAPER_DIRS='/tmp/. /var/tmp/.'\n"
        "TMPREAPER_DELAY='256'\n"
        "TMPREAPER_ADDITIONALOPTIONS='--mtime --symlinks --runtime=0'\n");
    ASSERT_EQ(imported.rules.size(), 1U);
    const ImportedRule& rule = imported.rules[0];
    EXPECT_EQ(rule.roots, (Words{"/tmp", "/var/tmp"}));
    EXPECT_EQ(rule.older_than, "12h") << "a bare number is hours";
    EXPECT_EQ(rule.age_by, "mtime");
    EXPECT_EQ(rule.types, (Words{"file", "symlink"}));
    EXPECT_EQ(imported.protect, Words{"/tmp/isdn.*"});
    EXPECT_EQ(imported.remarks,
              (Words{"The pattern keep is not absolute; put it into exclude.",
                     "The option --runtime=0 has no counterpart."}));
}

TEST(ImportTmpreaper, HasItsDefaults) {
    const ImportedRules imported = import_tmpreaper("");
    ASSERT_EQ(imported.rules.size(), 1U);
    EXPECT_EQ(imported.rules[0].older_than, "7d");
    EXPECT_EQ(imported.rules[0].age_by, "atime");
    EXPECT_EQ(import_tmpreaper("TMPREAPER_DIRS='/ /etc'").rules.size(), 0U);
    EXPECT_EQ(import_tmpreaper("TMPREAPER_TIME=soon").rules.size(), 0U);
}

TEST(ImportedRules, AreAConfigurationThatCanBeRead) {
    const ImportedRules imported = import_tmpfiles(
        "d \"/data/a b\" - - - 10d\n"
        "d /data/c - - - ~5d\n"
        "X /data/c/spool\n"
        "x /data/\\x22quoted\\x22\n"
        "r /data/x\n");
    const std::string text = format_imported_rules(imported, "/etc/tmpfiles.d/a.conf");
    const ParsedSettings parsed = parse_yaml_settings(text, "imported.yml");
    EXPECT_EQ(format_problems(parsed.problems), format_problems({})) << text;
    EXPECT_GE(parsed.settings.size(), 10U) << text;
    EXPECT_TRUE(text.starts_with("# From /etc/tmpfiles.d/a.conf\ncleanup:\n")) << text;
    EXPECT_EQ(format_imported_rules({}, "x"),
              "# From x\n# Nothing in it deletes anything by age.\n");
}

}  // namespace
}  // namespace caretaker
