// SPDX-License-Identifier: Apache-2.0
// Mesos sandboxes: the agent says what is over.
#include "common/base/fd.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr std::int64_t day = 24 * 3600;
constexpr const char* agent = "a1-S0";

class CleanupMesos : public ::testing::Test {
 protected:
    /// The agent runs those containers, each of the executor `run.NAME`.
    ServedAnswer state(const Words& live) const {
        std::string executors;
        for (const std::string& name : live) {
            executors += fmt::format(
                R"({}{{"id":"run.{}","container":"{}","directory":"/elsewhere/runs/{}"}})",
                executors.empty() ? "" : ",",
                name,
                name,
                name);
        }
        return {.body = fmt::format(R"({{"id":"{}","flags":{{"work_dir":"{}"}},)"
                                    R"("frameworks":[{{"id":"fw","executors":[{}]}}]}})",
                                    agent,
                                    host_.root(),
                                    executors)};
    }

    void serve(const ServedAnswer& answer) {
        server_.answer("/state", answer);
        server_.answer("/containers", {.body = "[]"});
    }

    /// The directory of a run of that executor, with a file of that age in it.
    std::string run(const std::string& executor,
                    const std::string& container,
                    std::int64_t age,
                    const std::string& agent_id = agent) const {
        const std::string runs =
            fmt::format("slaves/{}/frameworks/fw/executors/{}/runs", agent_id, executor);
        const std::string directory = fmt::format("{}/{}", runs, container);
        host_.file(directory + "/stdout", age);
        host_.set_age(directory, age);
        fs::remove(host_.path(runs + "/latest"));
        fs::create_directory_symlink(host_.path(directory), host_.path(runs + "/latest"));
        return directory;
    }

    Cleanup clean(const Words& options = {"--yes"}, const std::string& more = "") const {
        return host_.run_with(
            fmt::format("cleanup: {{mesos_sandboxes: {{work_dir: '{}', agent: '{}', "
                        "older_than: 2d, orphans_older_than: 3d{}}}}}",
                        host_.root(),
                        server_.url(""),
                        more),
            options);
    }

    [[nodiscard]] bool is_there(const std::string& path) const {
        return fs::exists(host_.path(path));
    }

    CleanupHost host_{CARETAKER_BINARY};
    FakeServer server_;
};

TEST_F(CleanupMesos, LosesRunsThatAreOverAndOld) {
    const std::string live = run("run.live", "live", 9 * day);
    const std::string over = run("run.live", "over", 9 * day);
    const std::string young = run("run.other", "young", 1 * day);
    serve(state({"live"}));
    const Cleanup cleanup = clean();
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Words{"tree " + over + " done"});
    EXPECT_EQ(json_text(cleanup.json["rows"][0], "part"), "mesos");
    EXPECT_TRUE(is_there(live + "/stdout"));
    EXPECT_TRUE(is_there(young + "/stdout"));
    EXPECT_TRUE(fs::is_symlink(
        host_.path(fmt::format("slaves/{}/frameworks/fw/executors/run.live/runs/latest", agent))));
}

TEST_F(CleanupMesos, SparesWhatTheAgentOnlyNamesAmongItsContainers) {
    const std::string debug = run("run.x", "debug", 9 * day);
    serve(state({}));
    server_.answer("/containers", {.body = R"([{"container_id":"debug"}])"});
    EXPECT_TRUE(clean().rows.empty());
    EXPECT_TRUE(is_there(debug));
}

TEST_F(CleanupMesos, KeepsTheNewestRunsOfEachExecutorWhenAsked) {
    const std::string old = run("run.x", "c1", 9 * day);
    const std::string newer = run("run.x", "c2", 8 * day);
    serve(state({}));
    clean({"--yes"}, ", keep_newest_per_executor: 1");
    EXPECT_FALSE(is_there(old));
    EXPECT_TRUE(is_there(newer));
}

TEST_F(CleanupMesos, RemovesExecutorsWithoutRunsOnceTheyAreAnHourOld) {
    const std::string over = run("run.x", "over", 9 * day);
    const std::string executor = fmt::format("slaves/{}/frameworks/fw/executors/run.x", agent);
    serve(state({}));
    clean();
    EXPECT_FALSE(is_there(over));
    EXPECT_TRUE(is_there(executor));
    for (const std::string& part : {executor + "/runs/latest", executor + "/runs", executor}) {
        host_.set_age(part, 2 * 3600);
    }
    serve(state({"x"}));
    EXPECT_TRUE(clean().rows.empty()) << "the agent runs an executor of that name";
    serve(state({}));
    EXPECT_EQ(clean().rows, Words{"tree " + executor + " done"});
    EXPECT_FALSE(is_there(executor));
}

TEST_F(CleanupMesos, RemovesWhatAgentsOfEarlierIdsLeft) {
    run("run.x", "c", 9 * day, "a0-S7");
    run("run.x", "d", 1 * day, "a0-S8");
    run("run.live", "live", 0);
    for (const char* part : {"/frameworks/fw/executors/run.x/runs/latest",
                             "/frameworks/fw/executors/run.x/runs",
                             "/frameworks/fw/executors/run.x",
                             "/frameworks/fw/executors",
                             "/frameworks/fw",
                             "/frameworks",
                             ""}) {
        host_.set_age(std::string("slaves/a0-S7") + part, 9 * day);
    }
    fs::create_directory_symlink(host_.path(fmt::format("slaves/{}", agent)),
                                 host_.path("slaves/latest"));
    host_.file("meta/slaves/a0-S7/slave.info", 9 * day);
    host_.file("volumes/roles/r/v/precious", 9 * day);
    serve(state({"live"}));
    EXPECT_TRUE(clean({"--yes"}, ", dead_agents: false").rows.empty());
    EXPECT_EQ(clean().rows, Words{"tree slaves/a0-S7 done"});
    EXPECT_TRUE(is_there("slaves/a0-S8"));
    EXPECT_TRUE(is_there("meta/slaves/a0-S7/slave.info"));
    EXPECT_TRUE(is_there("volumes/roles/r/v/precious"));
}

TEST_F(CleanupMesos, TouchesNothingWhenTheAgentDoesNotAnswerWell) {
    const std::string over = run("run.x", "over", 99 * day);
    for (const ServedAnswer& answer :
         {ServedAnswer{.status = 404},
          ServedAnswer{.status = 500},
          ServedAnswer{.body = "{\"id\":", .conduct = ServerConduct::proper},
          ServedAnswer{.body = state({}).body, .conduct = ServerConduct::half_body},
          ServedAnswer{
              .body = fmt::format(
                  R"({{"id":"{}","flags":{{"work_dir":"/other"}},"frameworks":[]}})", agent)},
          ServedAnswer{
              .body = fmt::format(R"({{"id":"b9-S1","flags":{{"work_dir":"{}"}},"frameworks":[]}})",
                                  host_.root())}}) {
        serve(answer);
        const Cleanup cleanup = clean({"--yes", "--timeout", "30s"});
        EXPECT_EQ(cleanup.exit_code, 7) << cleanup.err;
        EXPECT_TRUE(is_there(over + "/stdout"));
    }
}

TEST_F(CleanupMesos, CleansFilesThoughTheAgentIsAway) {
    host_.file("logs/old", 9 * day);
    const Cleanup cleanup = host_.run_with(
        fmt::format("cleanup: {{files: [{{name: r, roots: ['{0}/logs'], older_than: 1d}}], "
                    "mesos_sandboxes: {{work_dir: '{0}', agent: 'http://127.0.0.1:9'}}}}",
                    host_.root()),
        {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 7) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Words{"unlink logs/old done"});
    EXPECT_TRUE(cleanup.summary().ends_with("; mesos: agent not reached")) << cleanup.summary();
    EXPECT_TRUE(cleanup.summary().starts_with("deleted 1 of 1, ")) << cleanup.summary();
    EXPECT_FALSE(is_there("logs/old"));
}

TEST_F(CleanupMesos, IsAskedAgainBeforeTheFirstRemoval) {
    const std::string run_again = run("run.x", "again", 9 * day);
    serve(state({}));
    server_.answer_in_turn("/state", {state({}), state({"again"})});
    const Cleanup cleanup = clean();
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Words{"tree " + run_again + " changed"});
    EXPECT_TRUE(is_there(run_again + "/stdout"));
}

TEST_F(CleanupMesos, LosesNothingWhenTheAgentIsGoneBeforeTheFirstRemoval) {
    const std::string over = run("run.x", "over", 9 * day);
    host_.file("logs/old", 9 * day);
    serve(state({}));
    server_.answer_in_turn("/state", {state({}), {.status = 404}});
    const Cleanup cleanup = host_.run_with(
        fmt::format("cleanup: {{files: [{{name: r, roots: ['{0}/logs'], older_than: 1d}}], "
                    "mesos_sandboxes: {{work_dir: '{0}', agent: '{1}', older_than: 2d}}}}",
                    host_.root(),
                    server_.url("")),
        {"--yes", "--timeout", "30s"});
    EXPECT_EQ(cleanup.exit_code, 7) << cleanup.err;
    EXPECT_TRUE(is_there(over + "/stdout"));
    EXPECT_FALSE(is_there("logs/old"));
}

/// Of runs that live: what they print, once it is too large.
class CleanupMesosOutput : public CleanupMesos {
 protected:
    void SetUp() override {
        host_.let_runs_see_this_process_only();
        directory_ = run("run.live", "live", 0);
        make("stdout");
        serve(state({"live"}));
    }

    void make(const std::string& name, std::size_t size = 1000) const {
        host_.file(fmt::format("{}/{}", directory_, name), 0, size);
    }

    [[nodiscard]] Fd open_to_write(const std::string& name, int flags = O_APPEND) const {
        return Fd(open(path(name).c_str(), O_WRONLY | O_CLOEXEC | flags));
    }

    [[nodiscard]] Cleanup empty(const std::string& over = "999B",
                                const Words& options = {"--yes"}) {
        return clean(options, ", truncate_over: " + over);
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return host_.path(fmt::format("{}/{}", directory_, name));
    }

    [[nodiscard]] Words emptied(const std::string& name) const {
        return {fmt::format("truncate {}/{} done", directory_, name)};
    }

    std::string directory_;
};

TEST_F(CleanupMesosOutput, IsEmptiedWhereAllWhoWriteAppend) {
    const Fd writer = open_to_write("stdout");
    const Cleanup cleanup = empty();
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, emptied("stdout"));
    EXPECT_EQ(json_text(cleanup.json["rows"][0], "part"), "mesos");
    EXPECT_EQ(fs::file_size(path("stdout")), 0U);
    EXPECT_EQ(write(writer.get(), "next", 4), 4);
    EXPECT_EQ(fs::file_size(path("stdout")), 4U) << "what is written next stands at the beginning";
}

TEST_F(CleanupMesosOutput, StaysUnlessAsked) {
    const Fd writer = open_to_write("stdout");
    EXPECT_TRUE(clean().rows.empty());
    EXPECT_TRUE(empty("0B").rows.empty());
    EXPECT_EQ(fs::file_size(path("stdout")), 1000U);
}

TEST_F(CleanupMesosOutput, StaysWhereItIsNotLarger) {
    const Fd writer = open_to_write("stdout");
    EXPECT_TRUE(empty("1000B").rows.empty());
    EXPECT_EQ(empty("999B", {"--dry-run"}).rows.size(), 1U);
    EXPECT_EQ(fs::file_size(path("stdout")), 1000U);
}

TEST_F(CleanupMesosOutput, StaysWhereOneWhoWritesKeepsAnOffset) {
    const Fd appends = open_to_write("stdout");
    const Fd writes = open_to_write("stdout", 0);
    const Cleanup cleanup = empty();
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_TRUE(cleanup.rows.empty());
    EXPECT_EQ(fs::file_size(path("stdout")), 1000U);
}

TEST_F(CleanupMesosOutput, StaysWhereNobodyHasItOpen) {
    EXPECT_TRUE(empty().rows.empty()) << "it is neither emptied nor deleted";
    EXPECT_EQ(fs::file_size(path("stdout")), 1000U);
}

TEST_F(CleanupMesosOutput, IsNoOtherFileOfTheSandbox) {
    make("database.log");
    make("app/stdout");
    const Fd database = open_to_write("database.log");
    const Fd inner = open_to_write("app/stdout");
    EXPECT_TRUE(empty().rows.empty());
}

TEST_F(CleanupMesosOutput, IsNoFileWithANameElsewhere) {
    fs::create_hard_link(path("stdout"), host_.path("elsewhere"));
    const Fd writer = open_to_write("stdout");
    EXPECT_TRUE(empty().rows.empty());
    EXPECT_EQ(fs::file_size(host_.path("elsewhere")), 1000U);
}

TEST_F(CleanupMesosOutput, IsNoSymbolicLink) {
    host_.file("elsewhere", 0, 1000);
    fs::remove(path("stdout"));
    fs::create_symlink(host_.path("elsewhere"), path("stdout"));
    const Fd writer = open_to_write("stdout");
    EXPECT_TRUE(empty().rows.empty());
    EXPECT_EQ(fs::file_size(host_.path("elsewhere")), 1000U);
}

TEST_F(CleanupMesosOutput, OfAContainerInTheRunIsEmptiedToo) {
    make("containers/inner/stderr");
    const Fd writer = open_to_write("containers/inner/stderr");
    EXPECT_EQ(empty().rows, emptied("containers/inner/stderr"));
}

TEST_F(CleanupMesosOutput, OfARunThatIsOverStays) {
    serve(state({}));
    const Fd writer = open_to_write("stdout");
    EXPECT_TRUE(empty().rows.empty());
    EXPECT_EQ(fs::file_size(path("stdout")), 1000U);
}

TEST_F(CleanupMesosOutput, StaysWhenTheAgentDoesNotAnswer) {
    serve({.status = 500});
    const Fd writer = open_to_write("stdout");
    EXPECT_EQ(empty("999B", {"--yes", "--timeout", "30s"}).exit_code, 7);
    EXPECT_EQ(fs::file_size(path("stdout")), 1000U);
}

TEST_F(CleanupMesos, AreLeftOutWhenOnlyFilesAreAskedFor) {
    host_.file("logs/old", 9 * day);
    const Cleanup cleanup = host_.run_with(
        fmt::format("cleanup: {{files: [{{name: r, roots: ['{0}/logs'], older_than: 1d}}], "
                    "mesos_sandboxes: {{work_dir: '{0}', agent: 'http://127.0.0.1:9'}}}}",
                    host_.root()),
        {"--yes", "--only", "files"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_TRUE(server_.requests().empty());
}

}  // namespace
}  // namespace caretaker::testing
