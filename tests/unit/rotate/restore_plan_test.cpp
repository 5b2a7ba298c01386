// SPDX-License-Identifier: Apache-2.0
// Which indices a restore brings back, and what they are called.
#include "jobs/rotate/restore_plan.hpp"

#include "jobs/rotate/action_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

CheckedOptions options(const std::string& more) {
    const ActionFile file = read_action_file(
        fmt::format("actions: {{1: {{action: restore, options: {{repository: r{}{}}}, filters: "
                    "[{{filtertype: none}}]}}}}\n",
                    more.empty() ? "" : ", ",
                    more),
        "f.yml",
        [](std::string_view) -> std::optional<std::string> { return std::nullopt; });
    EXPECT_EQ(format_problems(file.problems), format_problems({}));
    return file.actions.at(0).options;
}

Words restored(const Words& in_snapshot, const std::string& more) {
    Words words;
    const RestoreList list = list_restored(in_snapshot, options(more));
    for (const RestoredIndex& index : list.indices) {
        words.push_back(index.source + ">" + index.name);
    }
    if (!list.problem.empty()) {
        words.push_back(list.problem);
    }
    return words;
}

TEST(RestorePlan, TakesWholeNamesWildcardsAndExclusions) {
    const Words all{"index1", "index10", "other"};
    EXPECT_EQ(restored(all, ""), (Words{"index1>index1", "index10>index10", "other>other"}));
    EXPECT_EQ(restored(all, "indices: index1"), Words{"index1>index1"});
    EXPECT_EQ(restored(all, "indices: ['index*', '-index10']"), Words{"index1>index1"});
    EXPECT_EQ(restored(all, "indices: ['-index10', 'index*']"),
              (Words{"index1>index1", "index10>index10"}));
    EXPECT_EQ(restored(all, "indices: _all").size(), 3U);
    EXPECT_TRUE(restored(all, "indices: none").empty());
    EXPECT_TRUE(restored({}, "").empty());
}

TEST(RestorePlan, RenamesWhereBothPatternAndReplacementAreThere) {
    EXPECT_EQ(restored({"a-1"}, "rename_pattern: '(.+)', rename_replacement: 'r-$1'"),
              Words{"a-1>r-a-1"});
    EXPECT_EQ(restored({"a-1"}, "rename_pattern: '(.+)'"), Words{"a-1>a-1"});
    EXPECT_EQ(restored({"a-1"}, "rename_pattern: '(', rename_replacement: x").at(0).substr(0, 14),
              "rename_pattern");
    EXPECT_EQ(restored({"a-1", "a-2"}, "rename_pattern: '-.', rename_replacement: x"),
              Words{"two indices would both be called ax"});
    EXPECT_EQ(restored({"a"}, "rename_pattern: a, rename_replacement: '$1'"),
              Words{"rename_replacement: '$1' is no replacement: groups are $1 to $0"});
}

struct Replaced {
    const char* pattern;
    const char* replacement;
    const char* text;
    const char* result;  // null: Java refuses the replacement
};

TEST(RestorePlan, ReplacesAsJavaDoes) {
    for (const Replaced& one : std::vector<Replaced>{
             {"(.+)", "r-$1", "logs", "r-logs"},
             {"(.*)", "r-$1", "logs", "r-logsr-"},  // the empty match at the end counts
             {"o", "0", "foo", "f00"},
             {"^l", "L", "ll", "Ll"},
             {"x*", "-", "abc", "-a-b-c-"},
             {"(a)(b)?", "$2$1", "ab-a", "ba-a"},
             {"(a)", "$10", "a", "a0"},  // there is one group, so the 0 is a letter
             {"a", "\\$1", "a", "$1"},
             {"a", "$0$0", "a", "aa"},
             {"z", "y", "a", "a"},
             {"", "-", "", "-"},
             {"\u00e4*", ".", "\u00e4b", "..b."},
             {"a", "$", "a", nullptr},
             {"a", "$x", "a", nullptr},
             {"a", "$1", "a", nullptr},
             {"a", "\\", "a", nullptr},
         }) {
        const RegexResult pattern = Regex::compile(one.pattern);
        ASSERT_TRUE(pattern.regex) << one.pattern;
        std::string problem;
        const std::string result = replace_all(*pattern.regex, one.replacement, one.text, problem);
        EXPECT_EQ(problem.empty(), one.result != nullptr) << one.pattern << ' ' << problem;
        if (one.result != nullptr) {
            EXPECT_EQ(result, one.result) << one.pattern;
        }
    }
}

TEST(RestorePlan, WritesTheBodyAsBothGenerationsMeanIt) {
    const Words contents{"a", "b"};
    EXPECT_EQ(restore_body(options(""), contents),
              R"({"indices":"a,b","ignore_unavailable":false,"include_aliases":false,)"
              R"("include_global_state":false,"partial":false})");
    const std::string renamed = restore_body(
        options("indices: ['a*'], rename_pattern: a, rename_replacement: b"), contents);
    EXPECT_NE(renamed.find(R"("indices":"a*",)"), std::string::npos) << renamed;
    EXPECT_NE(renamed.find(R"("rename_pattern":"a","rename_replacement":"b"})"), std::string::npos);
    // Curator 5 puts the map beside the others, 8 below index_settings.
    const std::string wanted = R"("index_settings":{"index.number_of_replicas":0}})";
    for (const char* form : {"extra_settings: {index_settings: {index.number_of_replicas: 0}}",
                             "extra_settings: {index.number_of_replicas: 0}"}) {
        EXPECT_TRUE(restore_body(options(form), contents).ends_with(wanted)) << form;
    }
}

}  // namespace
}  // namespace caretaker
