// SPDX-License-Identifier: Apache-2.0
// What one needs while the configuration is damaged works in the store that is meant, and in no
// other.
#include "testjob_runs.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

class DamagedConfiguration : public ::testing::Test {
 protected:
    void write_configuration(const std::string& text) const {
        std::ofstream(runs_.file("caretaker.yml")) << text;
    }

    /// Runs the real program, with no store named by the environment.
    [[nodiscard]] Finished run(const Words& args) const {
        Command command = runs_.command(args,
                                        {{"CARETAKER_STORE", std::nullopt},
                                         {"CARETAKER_CONFIG", runs_.file("caretaker.yml")},
                                         {"XDG_STATE_HOME", runs_.file("state")}});
        command.argv.front() = CARETAKER_BINARY;
        return run_command(command);
    }

    [[nodiscard]] bool is_held(std::string_view job) const {
        return runs_.store()->holds().find(job, now()).has_value();
    }

    static WallTime now() {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }

    TestjobRuns runs_;
};

TEST_F(DamagedConfiguration, KeepsNobodyFromHoldingJobsInTheStoreThatItNames) {
    write_configuration("store: {path: " + runs_.store_path() +
                        "}\nstatd: {address: a:1}\nlog: {level: loud}\n");
    EXPECT_EQ(run({"hold", "lag", "--for", "1h", "--reason", "repair"}).status.code, 0);
    EXPECT_TRUE(is_held("lag"));
    for (const Words& args :
         std::vector<Words>{{"holds"}, {"history"}, {"status"}, {"findings"}, {"store", "info"}}) {
        EXPECT_EQ(run(args).status.code, 0) << args.front();
    }
    EXPECT_EQ(run({"unhold", "lag"}).status.code, 0);
    EXPECT_FALSE(is_held("lag"));
    EXPECT_EQ(run({"store", "prune"}).status.code, 2);
    EXPECT_EQ(run({"statsd", "ping"}).status.code, 2);
}

TEST_F(DamagedConfiguration, ThatLeavesOpenWhichStoreIsMeantLeadsToNoOther) {
    write_configuration("stor: {path: " + runs_.store_path() + "}\n");
    for (const Words& args :
         std::vector<Words>{{"hold", "lag", "--for", "1h", "--reason", "repair"},
                            {"unhold", "lag"},
                            {"holds"},
                            {"history"},
                            {"status"},
                            {"findings"},
                            {"store", "info"}}) {
        const Finished finished = run(args);
        EXPECT_EQ(finished.status.code, 2) << args.front();
        EXPECT_EQ(finished.out, "") << args.front();
    }
    EXPECT_FALSE(fs::exists(runs_.store_path()));
    EXPECT_FALSE(fs::exists(runs_.file("state")));
    EXPECT_EQ(
        run({"hold", "all", "--for", "1h", "--reason", "repair", "--store", runs_.store_path()})
            .status.code,
        0);
    EXPECT_TRUE(is_held("all"));
}

}  // namespace
}  // namespace caretaker::testing
