// SPDX-License-Identifier: Apache-2.0
// Rules that make room on a small disk, and what they do when the first round does not.
#include "common/base/fd.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/json.hpp"
#include "tests/support/private_mounts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fcntl.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr std::int64_t day = 24 * 3600;

class CleanupPressure : public ::testing::Test {
 protected:
    void SetUp() override { CARETAKER_NEEDS(mounts_.problem()); }

    /// Fills a disk of 1 MiB to 88 % with files of 60 KiB, `15` of 15 days to `1` of one day.
    std::string fill_disk() {
        if (std::string problem = mounts_.tmpfs(host_.root(), "size=1m"); !problem.empty()) {
            return problem;
        }
        for (int age = 1; age <= 15; ++age) {
            host_.file(fmt::format("{}", age), age * day, std::size_t{60} * 1024);
        }
        return {};
    }

    /// Keeps the space of those files, which a rule does not ask about: each is small, and goes in
    /// any case.
    void hold(int oldest, int youngest) {
        for (int age = oldest; age >= youngest; --age) {
            held_.emplace_back(
                open(host_.path(fmt::format("{}", age)).c_str(), O_RDONLY | O_CLOEXEC));
        }
    }

    Cleanup run(const std::string& keys, const Words& options = {"--yes"}) const {
        return host_.run(keys, options);
    }

    static Words rows(int oldest, int youngest, const std::string& result) {
        Words all;
        for (int age = oldest; age >= youngest; --age) {
            all.push_back(fmt::format("unlink {} {}", age, result));
        }
        return all;
    }

    CleanupHost host_{CARETAKER_BINARY};
    PrivateMounts mounts_;  // gone before what they are mounted on
    std::vector<Fd> held_{};
};

constexpr const char* unasked = "free_space: {low: 20%, high: 30%}, open_files: ignore";

TEST_F(CleanupPressure, MakeRoomOnADiskThatIsNearlyFull) {
    CARETAKER_NEEDS(mounts_.tmpfs(host_.root(), "size=1m"));
    constexpr std::size_t tenth = 100 * 1024;
    for (int age = 1; age <= 9; ++age) {
        host_.file(fmt::format("{}", age), age * day, tenth);
    }
    const std::string keys = "free_space: {low: 20%, high: 40%}";
    const Cleanup cleanup = run(keys);
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_FALSE(fs::exists(host_.path("9")));
    EXPECT_TRUE(fs::exists(host_.path("1")));
    EXPECT_EQ(cleanup.json["findings"].Size(), 0U);
    EXPECT_TRUE(run(keys).rows.empty()) << "there is room by now";
}

TEST_F(CleanupPressure, MakeInodesOnADiskThatIsShortOfThem) {
    CARETAKER_NEEDS(mounts_.tmpfs(host_.root(), "size=1m,nr_inodes=21"));
    for (int age = 1; age <= 19; ++age) {  // the root has one, too
        host_.file(fmt::format("{}", age), age * day, 0);
    }
    const std::string keys = "free_inodes: {low: 20%, high: 30%}";
    const Cleanup cleanup = run(keys);
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_FALSE(fs::exists(host_.path("19")));
    EXPECT_TRUE(fs::exists(host_.path("1")));
    EXPECT_EQ(cleanup.json["findings"].Size(), 0U);
    EXPECT_TRUE(run(keys).rows.empty()) << "there are enough by now";
}

TEST_F(CleanupPressure, TellThatADiskStaysNearlyFull) {
    CARETAKER_NEEDS(mounts_.tmpfs(host_.root(), "size=1m"));
    host_.file("young", 0, 900 * 1024);
    const Cleanup cleanup = run("free_space: {low: 20%, high: 40%}");
    ASSERT_EQ(cleanup.json["findings"].Size(), 1U);
    EXPECT_EQ(json_text(cleanup.json["findings"][0], "code"), "pressure_remains");
}

TEST_F(CleanupPressure, GoOnForASecondRoundWhenTheFirstFreedNothing) {
    CARETAKER_NEEDS(fill_disk());
    hold(15, 12);
    const Cleanup cleanup = run(unasked);
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, rows(15, 8, "done"));
    EXPECT_NE(cleanup.summary().find("deleted 8 of 8"), std::string::npos) << cleanup.summary();
    EXPECT_NE(cleanup.summary().find("4 of them in a second round"), std::string::npos);
    EXPECT_EQ(cleanup.json["findings"].Size(), 0U);
    EXPECT_TRUE(fs::exists(host_.path("7")));
}

TEST_F(CleanupPressure, RecordTheSecondRoundBehindTheFirst) {
    CARETAKER_NEEDS(fill_disk());
    hold(15, 12);
    const Cleanup cleanup = run(unasked);
    const auto& actions = cleanup.json["actions"];
    ASSERT_EQ(actions.Size(), 8U) << cleanup.out;
    for (rapidjson::SizeType i = 0; i < actions.Size(); ++i) {
        EXPECT_EQ(actions[i]["seq"].GetInt(), static_cast<int>(i) + 1);
        EXPECT_EQ(json_text(actions[i], "state"), "done");
        EXPECT_TRUE(json_text(actions[i], "subject").ends_with(fmt::format("/{}", 15 - i)));
    }
}

TEST_F(CleanupPressure, NeverBeginAThirdRound) {
    CARETAKER_NEEDS(fill_disk());
    hold(15, 8);
    const Cleanup cleanup = run(unasked);
    EXPECT_EQ(cleanup.rows, rows(15, 8, "done"));
    ASSERT_EQ(cleanup.json["findings"].Size(), 1U);
    EXPECT_EQ(json_text(cleanup.json["findings"][0], "code"), "pressure_remains");
}

TEST_F(CleanupPressure, CountBothRoundsForTheBrake) {
    CARETAKER_NEEDS(fill_disk());
    hold(15, 12);
    const Cleanup cleanup = run(unasked, {"--yes", "--max-actions", "7"});
    EXPECT_EQ(cleanup.exit_code, 3) << cleanup.err;
    EXPECT_EQ(cleanup.error_codes(), std::set<std::string>{"braked"});
    Words expected = rows(15, 12, "done");
    const Words planned = rows(11, 8, "planned");
    expected.insert(expected.end(), planned.begin(), planned.end());
    EXPECT_EQ(cleanup.rows, expected);
    EXPECT_EQ(json_text(cleanup.json["actions"][4], "state"), "skipped");
    EXPECT_TRUE(fs::exists(host_.path("11")));
    EXPECT_EQ(json_text(cleanup.json["findings"][0], "code"), "pressure_remains");
}

TEST_F(CleanupPressure, LetTheBrakeAllowExactlyBothRounds) {
    CARETAKER_NEEDS(fill_disk());
    hold(15, 12);
    EXPECT_EQ(run(unasked, {"--yes", "--max-actions", "8"}).rows, rows(15, 8, "done"));
}

TEST_F(CleanupPressure, TellOfTheFirstRoundInADryRun) {
    CARETAKER_NEEDS(fill_disk());
    hold(15, 12);
    EXPECT_EQ(run(unasked, {"--dry-run"}).rows, rows(15, 12, "planned"));
}

TEST_F(CleanupPressure, ReckonWithWhatEarlierRulesFree) {
    CARETAKER_NEEDS(fill_disk());
    const std::string three_rules = fmt::format(
        "cleanup: {{files: ["
        "{{name: a, roots: ['{0}'], match: ['?'], older_than: 100h}},"
        "{{name: b, roots: ['{0}'], free_space: {{low: 20%, high: 30%}}}},"
        "{{name: c, roots: ['{0}'], free_space: {{low: 20%, high: 40%}}}}]}}",
        host_.root());
    const Cleanup cleanup = host_.run_with(three_rules, {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, rows(9, 5, "done")) << "five are enough for all";
    EXPECT_EQ(cleanup.json["findings"].Size(), 0U);
}

TEST_F(CleanupPressure, TakeForOneRuleOnlyWhatAnotherLeftShort) {
    CARETAKER_NEEDS(fill_disk());
    const std::string two_rules = fmt::format(
        "cleanup: {{files: ["
        "{{name: a, roots: ['{0}'], free_space: {{low: 20%, high: 30%}}}},"
        "{{name: b, roots: ['{0}'], free_space: {{low: 20%, high: 30%}}}}]}}",
        host_.root());
    EXPECT_EQ(host_.run_with(two_rules, {"--dry-run"}).rows, rows(15, 12, "planned"));
}

TEST_F(CleanupPressure, GoNoFurtherThanASavedPlan) {
    CARETAKER_NEEDS(fill_disk());
    hold(15, 12);
    const std::string plan = host_.home().file("plan.json");
    std::ofstream(plan) << run(unasked, {"--dry-run"}).out;
    EXPECT_EQ(run(unasked, {"--yes", "--apply-plan", plan}).rows, rows(15, 12, "done"));
}

TEST_F(CleanupPressure, RemoveDirectoriesThatTheSecondRoundEmpties) {
    CARETAKER_NEEDS(mounts_.tmpfs(host_.root(), "size=1m"));
    for (int age = 1; age <= 15; ++age) {
        const std::string directory = age > 8 ? "old" : "new";
        host_.file(fmt::format("{}/{}", directory, age), age * day, std::size_t{60} * 1024);
    }
    host_.set_age("old", 9 * day);
    for (int age = 15; age >= 12; --age) {
        held_.emplace_back(
            open(host_.path(fmt::format("old/{}", age)).c_str(), O_RDONLY | O_CLOEXEC));
    }
    const Cleanup cleanup = run(fmt::format("{}, remove_empty_dirs: true", unasked));
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_FALSE(fs::exists(host_.path("old")))
        << "its own time before the run counts, which the first round has moved";
    EXPECT_TRUE(fs::exists(host_.path("new/7")));
}

}  // namespace
}  // namespace caretaker::testing
