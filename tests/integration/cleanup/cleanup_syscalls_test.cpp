// SPDX-License-Identifier: Apache-2.0
// How many system calls a run needs for each entry, as strace(1) counts them.
#include "tests/support/child_process.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/private_mounts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr std::int64_t day = 24 * 3600;
constexpr const char* strace = "/usr/bin/strace";

/// A run by c.yml with its threads traced.
Command traced_cleanup(const CleanupHost& host, const std::vector<std::string>& strace_options) {
    Command command;
    command.argv = {strace, "-f"};
    command.argv.insert(command.argv.end(), strace_options.begin(), strace_options.end());
    const std::vector<std::string> cleanup{CARETAKER_BINARY,
                                           "cleanup",
                                           "--config",
                                           host.home().file("c.yml"),
                                           "--store",
                                           host.home().file("c.db"),
                                           "--yes",
                                           "--no-statsd",
                                           "-o",
                                           "none",
                                           "-q"};
    command.argv.insert(command.argv.end(), cleanup.begin(), cleanup.end());
    // The sanitizer that looks for leaks cannot work while it is traced itself.
    command.environment = {{"ASAN_OPTIONS", "detect_leaks=0"}};
    return command;
}

/// The calls about files of a run over so many entries, `make`(host, name) makes one of them.
template <typename Make>
double calls_of(int entries, const std::string& keys, const Make& make) {
    const CleanupHost host{CARETAKER_BINARY};
    for (int i = 0; i < entries; ++i) {
        make(host, fmt::format("d{}/{}", i % 10, i));
    }
    std::ofstream(host.home().file("c.yml")) << fmt::format(
        "store: {{max_rows_per_run: 100}}\n"
        "cleanup: {{files: [{{name: r, roots: ['{}'], {}}}]}}\n",
        host.root(),
        keys);
    const std::string counts = host.home().file("counts");
    const Command command = traced_cleanup(host, {"-c", "-o", counts});
    const Finished finished = run_command(command, std::chrono::seconds(120));
    EXPECT_EQ(finished.status.code, 0) << finished.err;
    for (int d = 0; d < 10; ++d) {
        EXPECT_TRUE(std::filesystem::is_empty(host.path(fmt::format("d{}", d))));
    }
    // "29.50    0.030487          10      3000         2 unlinkat"; what the sanitizers do is not
    // ours.
    static const std::set<std::string> of_files{
        "statx", "unlinkat", "getdents64", "openat", "openat2", "close", "fcntl", "flock"};
    std::ifstream file(counts);
    double total = 0;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string skipped;
        double calls = 0;
        words >> skipped >> skipped >> skipped >> calls;
        if (of_files.contains(line.substr(line.rfind(' ') + 1))) {
            total += calls;
        }
    }
    return total;
}

/// What each further entry costs.
template <typename Make>
double calls_of_an_entry(const std::string& keys, const Make& make) {
    constexpr int few = 1000;
    constexpr int many = 3000;
    return (calls_of(many, keys, make) - calls_of(few, keys, make)) / (many - few);
}

class CleanupSystemCalls : public ::testing::Test {
 protected:
    void SetUp() override {
        CARETAKER_NEEDS(access(strace, X_OK) == 0 ? "" : "strace is not installed");
    }
};

TEST_F(CleanupSystemCalls, AreThreeForAnEntryThatIsPlannedAndDeleted) {
    const double calls = calls_of_an_entry(
        "older_than: 1d, types: [symlink]", [](const CleanupHost& host, const std::string& name) {
            std::filesystem::create_directories(
                std::filesystem::path(host.path(name)).parent_path());
            std::filesystem::create_symlink("nowhere", host.path(name));
            host.set_age(name, 9 * day);
        });
    EXPECT_GT(calls, 2.9);
    EXPECT_LE(calls, 3.1);
}

TEST_F(CleanupSystemCalls, AreThreeForAFileOfWhichItIsAllTheSame) {
    const double calls = calls_of_an_entry(
        "older_than: 1d, open_files: ignore",
        [](const CleanupHost& host, const std::string& name) { host.file(name, 9 * day, 0); });
    EXPECT_LE(calls, 3.1);
}

TEST_F(CleanupSystemCalls, AreFourMoreForAFileThatMightBeOpen) {
    const double calls = calls_of_an_entry(
        "older_than: 1d",
        [](const CleanupHost& host, const std::string& name) { host.file(name, 9 * day, 0); });
    EXPECT_LE(calls, 7.1);
}

/// The threads that delete during a run over so many directories, where each deletion takes as long
/// as on a slow disk.
std::set<std::string> deleting_threads(const CleanupHost& host, const std::string& keys) {
    const std::string calls = host.home().file("calls");
    Command command = traced_cleanup(
        host,
        {"-qq", "-o", calls, "-e", "trace=unlinkat", "-e", "inject=unlinkat:delay_enter=20ms"});
    command.environment.emplace_back("CARETAKER_TEST_PROC", host.make_proc("0.00"));
    std::ofstream(host.home().file("c.yml")) << fmt::format(
        "cleanup: {{nice: 0, {}, files: [{{name: r, roots: ['{}'], older_than: 1d}}]}}\n",
        keys,
        host.root());
    const Finished finished = run_command(command, std::chrono::seconds(120));
    EXPECT_EQ(finished.status.code, 0) << finished.err;
    // "4711 unlinkat(7, "12.log", 0) = 0 (DELAYED)"
    std::set<std::string> threads;
    std::ifstream file(calls);
    for (std::string line; std::getline(file, line);) {
        if (line.find(".log\"") != std::string::npos) {
            threads.insert(line.substr(0, line.find(' ')));
        }
    }
    return threads;
}

class SlowDisk : public CleanupSystemCalls {
 protected:
    /// So many files in each of so many directories.
    void fill(int directories, int files) {
        for (int i = 0; i < directories * files; ++i) {
            host_.file(fmt::format("d{}/{}.log", i % directories, i), 9 * day, 0);
        }
    }

    CleanupHost host_{CARETAKER_BINARY};
};

TEST_F(SlowDisk, HasSeveralThreadsWaitTogetherEvenForAFewHundredFiles) {
    fill(20, 15);
    EXPECT_GT(deleting_threads(host_, "workers_max: 8").size(), 2U);
}

TEST_F(SlowDisk, HasNoMoreThreadsThanDirectories) {
    fill(1, 50);
    EXPECT_EQ(deleting_threads(host_, "workers_max: 8").size(), 1U);
}

TEST_F(SlowDisk, HasOneThreadWhereNoMoreAreAllowed) {
    fill(10, 5);
    EXPECT_EQ(deleting_threads(host_, "workers_max: 1").size(), 1U);
}

}  // namespace
}  // namespace caretaker::testing
