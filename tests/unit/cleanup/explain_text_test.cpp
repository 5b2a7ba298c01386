// SPDX-License-Identifier: Apache-2.0
// What `--explain` says of what a rule leaves.
#include "jobs/cleanup/explain_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

PathPattern pattern(const char* text) {
    return *PathPattern::parse(text).pattern;
}

TEST(ExplainText, NamesThePatternThatFits) {
    FileRule rule;
    rule.exclude = {pattern("*.lock"), pattern("keep"), pattern("a/b*")};
    const std::vector<PathPattern> protect{pattern("/data/none"), pattern("/data/aud*")};
    const auto excluded = [&](const std::string& path) {
        return describe_left_out(LeftOut::excluded, rule, protect, path, "/data");
    };
    EXPECT_EQ(excluded("/data/x/keep"), "excluded by 'keep' of exclude");
    EXPECT_EQ(excluded("/data/a/b1"), "excluded by 'a/b*' of exclude");
    EXPECT_EQ(excluded("/data"), "excluded by exclude");
    EXPECT_EQ(describe_left_out(LeftOut::guarded, rule, protect, "/data/audit", "/data"),
              "protected by '/data/aud*' of cleanup.protect");
    EXPECT_EQ(describe_left_out(LeftOut::sticky, rule, protect, "/data/x", "/data"),
              "has the sticky bit");
}

TEST(ExplainText, SaysWhyADirectoryStays) {
    constexpr std::int64_t day = std::int64_t{86'400} * 1'000'000'000;
    FileRule rule;
    rule.older_than = 24h;
    TreeDirectory directory{.mtime = 0, .parent = 0, .read_to_end = true, .may_go = true};
    const auto why = [&] { return describe_staying_directory(rule, directory, 2 * day); };
    EXPECT_EQ(why(), "a directory, and the rule has no remove_empty_dirs");
    rule.remove_empty_dirs = true;
    EXPECT_EQ(why(), "a directory in which something stays");
    directory.mtime = day;
    EXPECT_EQ(why(), "a directory that is young: under 1d");
    directory.may_go = false;
    EXPECT_EQ(why(), "kept by keep_dirs, or an earlier rule takes it");
    directory.parent = TreeDirectory::none;
    EXPECT_EQ(why(), "a root, which never goes");
}

}  // namespace
}  // namespace caretaker
