// SPDX-License-Identifier: Apache-2.0
// The registry, the folders of jobs/, the help and the schedules agree with each other.
#include "jobs/registry.hpp"

#include "common/cli/command_line.hpp"
#include "common/text/duration.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

namespace fs = std::filesystem;

const fs::path root = CARETAKER_SOURCE_DIR;

/// Splits a Chronos command as its shell would; our schedules use no quotes.
std::vector<std::string> split_words(const std::string& command) {
    std::istringstream in(command);
    std::vector<std::string> words;
    for (std::string word; in >> word;) {
        words.push_back(word);
    }
    return words;
}

std::string help_of(std::string_view job) {
    return parse_command_line(registry(), {std::string(job), "--help"}).text.value();
}

TEST(Registry, HasARowForEachFolderOfJobs) {
    std::set<std::string> folders;
    for (const auto& entry : fs::directory_iterator(root / "jobs")) {
        if (entry.is_directory()) {
            folders.insert(entry.path().filename().string());
        }
    }
    std::set<std::string> rows;
    for (const JobEntry& entry : registry()) {
        rows.emplace(entry.info.name);
    }
    EXPECT_EQ(rows, folders);
}

TEST(Registry, MakesAJobForEachRow) {
    for (const JobEntry& entry : registry()) {
        EXPECT_NE(entry.make(), nullptr) << entry.info.name;
    }
}

TEST(Help, OfEachJobHasExamplesAndExitStatus) {
    for (const JobEntry& entry : registry()) {
        const std::string help = help_of(entry.info.name);
        EXPECT_NE(help.find("Examples:\n  caretaker "), std::string::npos) << help;
        EXPECT_NE(help.find("Exit status:\n    0  "), std::string::npos) << help;
        EXPECT_NE(help.find(entry.info.summary), std::string::npos) << help;
    }
}

TEST(Help, OfTheProgramNamesEachJobWithItsSummary) {
    const std::string help = parse_command_line(registry(), {"--help"}).text.value();
    for (const JobEntry& entry : registry()) {
        EXPECT_NE(help.find(entry.info.summary), std::string::npos) << entry.info.name;
    }
}

/// JOB.json, or JOB-FORM.json for one of its forms.
bool is_schedule_of(const fs::path& file, std::string_view job) {
    const std::string stem = file.stem();
    return file.extension() == ".json" &&
           (stem == job || stem.starts_with(fmt::format("{}-", job)));
}

TEST(Schedules, RunCommandsThatTheRealParserAccepts) {
    int schedules = 0;
    for (const auto& file : fs::directory_iterator(root / "schedules")) {
        if (file.path().extension() != ".json") {
            continue;
        }
        ++schedules;
        std::ostringstream text;
        text << std::ifstream(file.path()).rdbuf();
        rapidjson::Document job;
        job.Parse(text.str().c_str());
        ASSERT_FALSE(job.HasParseError()) << file.path();
        const std::string command = job["command"].GetString();
        ASSERT_TRUE(command.starts_with("exec caretaker ")) << command;
        std::vector<std::string> words = split_words(command);
        words.erase(words.begin(), words.begin() + 2);
        const CommandLine parsed = parse_command_line(registry(), words);
        ASSERT_NE(parsed.entry, nullptr) << command;
        EXPECT_TRUE(is_recorded(parsed.entry->info.kind)) << command;
        EXPECT_TRUE(is_schedule_of(file.path(), parsed.entry->info.name)) << file.path();
    }
    EXPECT_GE(schedules, 1);
}

TEST(Schedules, AreThereForEachJob) {
    for (const JobEntry& entry : registry()) {
        if (is_recorded(entry.info.kind)) {
            const fs::directory_iterator files(root / "schedules");
            EXPECT_TRUE(std::any_of(begin(files), end(files), [&](const auto& file) {
                return is_schedule_of(file.path(), entry.info.name);
            })) << entry.info.name;
        }
    }
}

TEST(Readme, NamesEachCommand) {
    std::ostringstream text;
    text << std::ifstream(root / "README.md").rdbuf();
    for (const JobEntry& entry : registry()) {
        EXPECT_NE(text.str().find(fmt::format("| `caretaker {}", entry.info.name)),
                  std::string::npos)
            << entry.info.name;
    }
}

TEST(Schedules, AvoidWhatChronosGetsWrong) {
    for (const auto& file : fs::directory_iterator(root / "schedules")) {
        if (file.path().extension() != ".json") {
            continue;
        }
        std::ostringstream text;
        text << std::ifstream(file.path()).rdbuf();
        rapidjson::Document job;
        job.Parse(text.str().c_str());
        ASSERT_FALSE(job.HasParseError()) << file.path();
        EXPECT_FALSE(job.HasMember("arguments")) << "glued into the task id, and passed twice";
        EXPECT_TRUE(job["shell"].GetBool());
        EXPECT_STREQ(job["scheduleTimeZone"].GetString(), "UTC");
        EXPECT_GE(job["mem"].GetInt(), 64);
        const std::string command = job["command"].GetString();
        const std::size_t timeout = command.find("--timeout ");
        if (job.HasMember("maxCompletionTime") && timeout != std::string::npos) {
            const std::size_t value = timeout + std::string_view("--timeout ").size();
            const auto own =
                parse_duration(command.substr(value, command.find(' ', value) - value));
            ASSERT_TRUE(own) << command;
            EXPECT_LT(*own, std::chrono::seconds(job["maxCompletionTime"].GetInt()))
                << "Chronos kills before the run can end by itself: " << file.path();
        }
    }
}

}  // namespace
}  // namespace caretaker
