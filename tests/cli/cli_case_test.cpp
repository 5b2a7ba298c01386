// SPDX-License-Identifier: Apache-2.0
// Every folder of tests/cli/cases is a test: a command line, and all that must come out of it.
#include "golden_text.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

const fs::path cases = fs::path(CARETAKER_SOURCE_DIR) / "tests/cli/cases";
const char* const host_name = "test-host";

std::vector<std::string> case_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(cases)) {
        names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

std::string read_file(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// Writes `text`, or removes the file when there is nothing to expect.
void write_golden(const fs::path& path, const std::string& text) {
    if (text.empty()) {
        fs::remove(path);
    } else {
        std::ofstream(path) << text;
    }
}

/// Whether all of standard output is one command's JSON, by the options in `cmd`.
bool prints_only_json(const std::string& cmd) {
    static const std::regex one_json_command(
        "caretaker [^|;&>\\n]*(-o|--output)[ =]?jsonl?\\b[^|;&>\\n]*\\n?");
    return std::regex_match(cmd, one_json_command);
}

struct Sandbox {
    /// `work`: where the case runs, "$WORK" in the arguments.
    Sandbox(const std::string& arguments, const fs::path& work)
        : process({.argv = {"sh", "-c", std::string("exec ") + CARETAKER_SANDBOX + " " + arguments},
                   .environment = {{"WORK", work.string()}}}) {
        if (!process.wait_for_output("\n", std::chrono::seconds(20))) {
            throw std::runtime_error("the sandbox did not start: " + process.err());
        }
        rapidjson::Document json;
        json.Parse(process.out().c_str());
        kafka = json["kafka"]["bootstrap_servers"].GetString();
        statsd = json["statsd"]["address"].GetString();
        search = json["search"]["url"].GetString();
        mesos = json["mesos"]["url"].GetString();
        mesos_agent = json["mesos"]["agent"].GetString();
        marathon = json["marathon"]["url"].GetString();
        docker = json["docker"]["socket"].GetString();
    }

    ChildProcess process;
    std::string kafka;
    std::string statsd;
    std::string search;
    std::string mesos;
    std::string mesos_agent;
    std::string marathon;
    std::string docker;
};

class CliCase : public ::testing::TestWithParam<std::string> {};

TEST_P(CliCase, PrintsAndReturnsWhatItShould) {
    const fs::path folder = cases / GetParam();
    ASSERT_TRUE(fs::exists(folder / "cmd"));
    for (const auto& file : fs::directory_iterator(folder)) {
        static const std::set<std::string> known{
            "cmd", "exit", "files", "sandbox", "stderr", "stdout"};
        EXPECT_TRUE(known.contains(file.path().filename())) << file.path();
    }
    const TempDir temp;
    const fs::path work = temp.path() / "work";
    fs::create_directories(work);
    fs::create_directories(temp.path() / "bin");
    fs::create_symlink(CARETAKER_BINARY, temp.path() / "bin/caretaker");
    if (fs::exists(folder / "files")) {
        fs::copy(folder / "files", work, fs::copy_options::recursive);
    }

    Command command{
        .argv = {"sh", "-c", read_file(folder / "cmd")},
        .environment = {{"PATH", (temp.path() / "bin").string() + ":/usr/bin:/bin:/usr/sbin:/sbin"},
                        {"HOME", work.string()},
                        {"CARETAKER_STORE", (work / "caretaker.db").string()},
                        {"CARETAKER_HOST", host_name},
                        {"XDG_RUNTIME_DIR", work.string()},
                        {"LC_ALL", "C.UTF-8"}},
        .inherit_environment = false,
        .directory = work.string(),
    };
    std::optional<Sandbox> sandbox;
    if (fs::exists(folder / "sandbox")) {
        sandbox.emplace(read_file(folder / "sandbox"), work);
        command.environment.emplace_back("KAFKA", sandbox->kafka);
        command.environment.emplace_back("STATSD", sandbox->statsd);
        command.environment.emplace_back("SEARCH", sandbox->search);
        command.environment.emplace_back("MESOS", sandbox->mesos);
        command.environment.emplace_back("MESOS_AGENT", sandbox->mesos_agent);
        command.environment.emplace_back("MARATHON", sandbox->marathon);
        command.environment.emplace_back("DOCKER", sandbox->docker);
    }

    const Finished finished = run_command(command);
    const std::string out = normalise_output(finished.out, work.string(), host_name);
    const std::string err = normalise_output(finished.err, work.string(), host_name);
    const std::string code =
        finished.status.code == 0 ? "" : std::to_string(finished.status.code) + "\n";
    if (std::getenv("CARETAKER_UPDATE_GOLDEN") != nullptr) {
        write_golden(folder / "stdout", out);
        write_golden(folder / "stderr", err);
        write_golden(folder / "exit", code);
    }
    EXPECT_EQ(out, read_file(folder / "stdout"));
    EXPECT_EQ(err, read_file(folder / "stderr"));
    EXPECT_EQ(code, read_file(folder / "exit"));
    if (prints_only_json(read_file(folder / "cmd"))) {
        EXPECT_EQ(problem_of_output(finished.out), "");
    }
}

INSTANTIATE_TEST_SUITE_P(Cases,
                         CliCase,
                         ::testing::ValuesIn(case_names()),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace caretaker::testing
