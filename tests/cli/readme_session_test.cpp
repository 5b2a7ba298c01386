// SPDX-License-Identifier: Apache-2.0
// That the session in README.md is what the binary prints at the sandbox.
#include "tests/cli/golden_text.hpp"
#include "tests/sandbox/fake_kafka_cluster.hpp"
#include "tests/sandbox/kafka_scenario.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace caretaker::testing {
namespace {

struct Session {
    std::string command{};
    std::string printed{};
};

/// The first command of README.md that is shown after a prompt, and what stands below it.
Session read_session() {
    std::stringstream readme;
    readme << std::ifstream(CARETAKER_SOURCE_DIR "/README.md").rdbuf();
    const std::string text = readme.str();
    const std::size_t prompt = text.find("```\n$ ");
    const std::size_t end = text.find("```", prompt + 3);
    if (prompt == std::string::npos || end == std::string::npos) {
        throw std::runtime_error("README.md shows no session");
    }
    const std::string session = text.substr(prompt + 6, end - prompt - 6);
    const std::size_t line_end = session.find('\n');
    return {.command = session.substr(0, line_end), .printed = session.substr(line_end + 1)};
}

TEST(Readme, ShowsASessionAsItIs) {
    const TempDir home;
    const sandbox::FakeKafkaCluster cluster(sandbox::make_demo_scenario(1));
    std::ofstream(home.file("caretaker.yml")) << fmt::format(
        "log: {{level: warning}}\nstatsd: {{address: none}}\n"
        "targets: {{demo: {{kafka: {{bootstrap_servers: ['{}']}}}}}}\n",
        cluster.bootstrap_servers());
    const Session session = read_session();
    ASSERT_TRUE(session.command.starts_with("caretaker ")) << session.command;
    const Finished run =
        run_command({.argv = {"sh", "-c", "exec " CARETAKER_BINARY + session.command.substr(9)},
                     .environment = {{"CARETAKER_STORE", home.file("caretaker.db")},
                                     {"CARETAKER_CONFIG", home.file("caretaker.yml")},
                                     {"PATH", "/usr/bin:/bin"}},
                     .inherit_environment = false,
                     .directory = home.path().string()});
    EXPECT_EQ(run.status.code, 0);
    EXPECT_EQ(run.err, "");
    const auto normalised = [&](const std::string& text) {
        return normalise_output(text, home.path().string(), "");
    };
    EXPECT_EQ(normalised(run.out), normalised(session.printed))
        << "write into README.md what is printed now:\n"
        << run.out;
}

}  // namespace
}  // namespace caretaker::testing
