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

TEST(ImportTmpfiles, LeavesPathsWithALineOfTheirOwnToThat) {
    const ImportedRules imported = import_tmpfiles(
        "d /data/tf - - - m:1d\n"
        "d /data/tf/cache - - - m:30d\n"
        "d /data/tf/state\n"
        "f /data/tf/flagfile\n"
        "X /data/tf/spool\n"
        "d /data/tf2\n");
    ASSERT_EQ(imported.rules.size(), 2U);
    EXPECT_EQ(imported.rules[0].exclude, (Words{"/cache", "/state", "/flagfile"}));
    EXPECT_TRUE(imported.rules[1].exclude.empty());
    EXPECT_NE(format_imported_rules(imported, "x").find("exclude: [\"/cache\", "),
              std::string::npos);
}

TEST(ImportTmpfiles, TakesTheTimesThatALineGoesBy) {
    const auto age_by = [](const std::string& letters) {
        return import_tmpfiles("d /data/x - - - " + letters + ":1d\n").rules.at(0).age_by;
    };
    EXPECT_EQ(age_by("a"), "atime");
    EXPECT_EQ(age_by("b"), "birth");
    EXPECT_EQ(age_by("c"), "ctime");
    EXPECT_EQ(age_by("mM"), "mtime");
    EXPECT_EQ(age_by("cm"), "newest");
    EXPECT_EQ(import_tmpfiles("d /data/x - - - am:1d\n").remarks.at(0),
              "Line 1: /data/x goes by several times (am); age_by: newest looks at mtime and ctime "
              "alone.");
}

TEST(ImportTmpfiles, ExpandsBracesAndEscapes) {
    const ImportedRules imported = import_tmpfiles(
        "e /data/{x,y}/tmp - - - 1d\n"
        "d /data/m\\x20n - - - 1d\n"
        "d /data/o\\040p - - - 1d\n"
        "d \"/data/q r\" - - - 1d\n");
    ASSERT_EQ(imported.rules.size(), 4U);
    EXPECT_EQ(imported.rules[0].roots, (Words{"/data/x/tmp", "/data/y/tmp"}));
    EXPECT_EQ(imported.rules[1].roots, Words{"/data/m n"});
    EXPECT_EQ(imported.rules[2].roots, Words{"/data/o p"});
    EXPECT_EQ(imported.rules[3].roots, Words{"/data/q r"});
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
    EXPECT_EQ(rule.age_by, "newest") << "the script always adds --ctime";
    EXPECT_EQ(rule.types, (Words{"file", "symlink"}));
    EXPECT_EQ(imported.protect.size(), 9U);
    EXPECT_EQ(imported.protect.back(), "/tmp/isdn.*");
    ASSERT_EQ(imported.remarks.size(), 3U);
    EXPECT_EQ(imported.remarks[0], "The pattern keep is not absolute; put it into exclude.");
    EXPECT_EQ(imported.remarks[1], "The option --runtime=0 has no counterpart.");
    EXPECT_NE(imported.remarks[2].find("without RUNFROMCRON=true"), std::string::npos);
}

TEST(ImportTmpreaper, TakesWhatTheScriptOfDebianAdds) {
    const ImportedRules imported = import_tmpreaper(
        "RUNFROMCRON=true\n"
        "TMPREAPER_ADDITIONALOPTIONS=\"--protect '/tmp/a b' --protect=/tmp/c --protect d "
        "--all\"\n");
    ASSERT_EQ(imported.rules.size(), 1U);
    EXPECT_EQ(imported.rules[0].types, (Words{"file", "symlink", "fifo", "socket"}));
    EXPECT_EQ(imported.protect,
              (Words{"/tmp/.X*-{lock,unix,unix/*}",
                     "/tmp/.ICE-{unix,unix/*}",
                     "/tmp/.iroha_{unix,unix/*}",
                     "/tmp/.ki2-{unix,unix/*}",
                     "/tmp/lost+found",
                     "/tmp/journal.dat",
                     "/tmp/quota.{user,group}",
                     "/tmp/systemd-private*/*",
                     "/tmp/a b",
                     "/tmp/c"}));
    ASSERT_EQ(imported.remarks.size(), 2U);
    EXPECT_EQ(imported.remarks[0], "The pattern d is not absolute; put it into exclude.");
    EXPECT_NE(imported.remarks[1].find("what was read lately"), std::string::npos);
}

TEST(ImportTmpreaper, SaysWhenItNeverRan) {
    const auto never_ran = [](const std::string& text) {
        return import_tmpreaper(text).remarks.back().find("never ran it") != std::string::npos;
    };
    EXPECT_TRUE(never_ran("SHOWWARNING=true\nRUNFROMCRON=true\n"));
    EXPECT_TRUE(never_ran("SHOWWARNING=''\n"));
    EXPECT_FALSE(never_ran("RUNFROMCRON=true\n"));
}

TEST(ImportTmpreaper, HasItsDefaults) {
    const ImportedRules imported = import_tmpreaper("");
    ASSERT_EQ(imported.rules.size(), 1U);
    EXPECT_EQ(imported.rules[0].older_than, "7d");
    EXPECT_EQ(imported.rules[0].age_by, "newest");
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
