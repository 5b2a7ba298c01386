// SPDX-License-Identifier: Apache-2.0
// `caretaker leftovers` against the sandbox's Mesos and Marathon: what it counts is what the
// platform has, and trouble of either ends a run as the documentation says.
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/fake_mesos.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::Command;
using caretaker::testing::Finished;
using caretaker::testing::json_at;
using caretaker::testing::json_number;
using caretaker::testing::json_text;
using caretaker::testing::parse_json;
using caretaker::testing::run_command;

struct SandboxRun {
    int exit_code = 0;
    std::string err{};
    rapidjson::Document json{};

    [[nodiscard]] std::string summary() const {
        return json_text(json_at(json, "summary"), "text");
    }

    /// Without labels.
    [[nodiscard]] double metric(std::string_view name) const {
        for (const auto& metric : json_at(json, "metrics").GetArray()) {
            if (json_text(metric, "name") == name && json_at(metric, "labels").ObjectEmpty()) {
                return json_number(metric, "value");
            }
        }
        ADD_FAILURE() << "no metric " << name;
        return std::nan("");
    }

    [[nodiscard]] std::vector<std::string> subjects(std::string_view code) const {
        std::vector<std::string> found;
        for (const auto& finding : json_at(json, "findings").GetArray()) {
            if (json_text(finding, "code") == code) {
                found.push_back(json_text(finding, "subject"));
            }
        }
        return found;
    }

    [[nodiscard]] std::string rows() const { return text_of("rows"); }

    [[nodiscard]] std::string details() const { return text_of("details"); }

 private:
    [[nodiscard]] std::string text_of(const char* member) const {
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        json_at(json, member).Accept(writer);
        return buffer.GetString();
    }
};

/// Whose agents are all there and reserve nothing, so that its sums are easily made.
ClusterOptions plain_cluster() {
    return {.agents = 12,
            .apps = 8,
            .tasks_per_agent = 6,
            .has_reservations = false,
            .has_disks = false,
            .has_revocable = false,
            .has_states = false,
            .has_quota = false,
            .has_maintenance = false};
}

class LeftoversSandbox : public ::testing::Test {
 protected:
    void start(const ClusterOptions& cluster = plain_cluster(), FakeMesosOptions options = {}) {
        options.served_agents = 0;
        platform_.emplace(make_platform(cluster));
        mesos_.emplace(*platform_, options);
        marathon_.emplace(*platform_);
    }

    SandboxRun run_with(std::vector<std::string> options) {
        Command command;
        command.argv = {CARETAKER_BINARY,
                        "leftovers",
                        "--store",
                        home_.file("store.db"),
                        "--no-statsd",
                        "-o",
                        "json"};
        command.argv.insert(command.argv.end(), options.begin(), options.end());
        command.inherit_environment = false;
        command.environment = environment_;
        command.environment.emplace_back("HOME", home_.path().string());
        const Finished finished = run_command(command, std::chrono::seconds(60));
        SandboxRun run{.exit_code = finished.status.code, .err = finished.err};
        run.json = parse_json(finished.out);
        return run;
    }

    SandboxRun run(const std::vector<std::string>& more = {}) {
        std::vector<std::string> options;
        for (std::size_t i = 0; i < mesos_->masters(); ++i) {
            options.insert(options.end(), {"--mesos-url", mesos_->url(i)});
        }
        options.insert(options.end(), more.begin(), more.end());
        return run_with(std::move(options));
    }

    SandboxRun run_with_apps(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"--marathon-url", marathon_->url()});
        return run(more);
    }

    /// Where nothing listens.
    static std::string closed_address() { return FakeServer().url(""); }

    TempDir home_{};
    std::vector<std::pair<std::string, std::optional<std::string>>> environment_{};
    std::optional<FakePlatform> platform_{};
    std::optional<FakeMesos> mesos_{};
    std::optional<FakeMarathon> marathon_{};
};

std::int64_t sum_of(const std::vector<FakeResource>& resources, std::string_view name) {
    std::int64_t sum = 0;
    for (const FakeResource& resource : resources) {
        sum += resource.name == name ? resource.milli : 0;
    }
    return sum;
}

TEST_F(LeftoversSandbox, CountsWhatThePlatformHas) {
    start();
    const auto state = platform_->state();
    const PlatformIndex index(*state);
    const SandboxRun run = this->run();
    ASSERT_EQ(run.exit_code, 0) << run.err;
    for (const std::string name : {"cpus", "mem"}) {
        std::int64_t total = 0;
        std::int64_t used = 0;
        std::int64_t offered = 0;
        for (std::size_t i = 0; i < state->agents.size(); ++i) {
            total += sum_of(state->agents[i].total, name);
            used += sum_of(index.used_on(i), name);
            offered += sum_of(index.offered_on(i), name);
        }
        EXPECT_EQ(std::llround(run.metric("total." + name) * 1000), total);
        EXPECT_EQ(std::llround(run.metric("used." + name) * 1000), used);
        EXPECT_EQ(std::llround(run.metric("offered." + name) * 1000), offered);
        EXPECT_EQ(std::llround((run.metric("free." + name) + run.metric("dust." + name)) * 1000),
                  total - used);
        EXPECT_GT(used, 0);
    }
    EXPECT_EQ(run.metric("agents.placeable"), 12);
}

TEST_F(LeftoversSandbox, SplitsUpEverythingOfAClusterOfAllKinds) {
    start({.agents = 60, .apps = 30});
    const SandboxRun run = run_with_apps();
    ASSERT_EQ(run.exit_code, 0) << run.err;
    for (const std::string name : {"cpus", "mem", "disk", "gpus", "ports"}) {
        EXPECT_LE(run.metric("used." + name) + run.metric("free." + name) +
                      run.metric("reserved_free." + name) + run.metric("dust." + name),
                  run.metric("total." + name) + 1e-6)
            << name;
    }
    EXPECT_GT(run.metric("agents.placeable"), 0);
    EXPECT_LT(run.metric("agents.placeable"), 60) << "agents of other states are apart";
    EXPECT_GT(run.metric("apps.total"), 0);
    EXPECT_GT(run.metric("apps.without_room"), 0) << "one app of the sandbox fits nowhere";
}

TEST_F(LeftoversSandbox, JudgesASavedCaseAsItJudgedTheCluster) {
    start({.agents = 40, .apps = 20});
    const SandboxRun live = run_with_apps({"--save", home_.file("case")});
    ASSERT_EQ(live.exit_code, 0) << live.err;
    const SandboxRun saved = run_with({"--input", home_.file("case")});
    EXPECT_EQ(saved.rows(), live.rows());
    EXPECT_EQ(saved.details(), live.details());
}

TEST_F(LeftoversSandbox, EndsWhereNoMasterLeads) {
    start(plain_cluster(), {.masters = 3});
    mesos_->set_leader(std::nullopt);
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 7) << run.err;
}

TEST_F(LeftoversSandbox, EndsWhereThereIsNoMaster) {
    const SandboxRun run = run_with({"--mesos-url", closed_address()});
    EXPECT_EQ(run.exit_code, 7);
    EXPECT_NE(run.err.find("mesos"), std::string::npos) << run.err;
}

TEST_F(LeftoversSandbox, ReadsAllAgainWhenAnotherMasterTakesOverInTheMiddle) {
    start(plain_cluster(), {.masters = 3});
    const std::string quiet = run().rows();
    mesos_->http().reset_counts();
    mesos_->http().set_fault("event:name=leader-1,path=*/slaves*,times=1");
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.rows(), quiet);
    EXPECT_GT(mesos_->http().request_counts()["GET /master/flags"], 1U);
}

TEST_F(LeftoversSandbox, SaysWhichDocumentsWereRefused) {
    start();
    for (const char* code : {"401", "403"}) {
        mesos_->http().clear_faults();
        mesos_->http().set_fault(std::string("status:path=*/roles*,code=") + code);
        const SandboxRun run = this->run();
        EXPECT_EQ(run.exit_code, 0) << run.err;
        EXPECT_EQ(run.subjects("data_incomplete"), std::vector<std::string>{"document roles"});
    }
}

TEST_F(LeftoversSandbox, AsksTheOperatorApiWhereTheAgentsAreRefused) {
    start({.agents = 40, .apps = 20});
    const SandboxRun whole = run();
    mesos_->http().reset_counts();
    mesos_->http().set_fault("status:code=403,path=*/slaves*");
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.rows(), whole.rows()) << "GET_AGENTS has reservations in detail, too";
    EXPECT_EQ(run.subjects("data_incomplete").front(), "document slaves");
    EXPECT_EQ(mesos_->http().request_counts().count("GET /master/state"), 0U);
}

TEST_F(LeftoversSandbox, TakesTheStateWhereTheAgentsAreRefusedThereToo) {
    start();
    const SandboxRun whole = run();
    mesos_->http().set_fault("status:code=403,path=*/slaves*");
    mesos_->http().set_fault("status:code=403,path=*/api/v1*");
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.summary(), whole.summary()) << "nothing is reserved, so that sums are exact";
    EXPECT_EQ(run.subjects("data_incomplete"),
              (std::vector<std::string>{"document GET_AGENTS", "document slaves"}));
}

TEST_F(LeftoversSandbox, EndsAsDeniedWithoutALogin) {
    start(plain_cluster(), {.login = MesosLogin{"ops", "secret"}});
    EXPECT_EQ(run().exit_code, 10);
    environment_ = {{"CARETAKER_TARGETS_DEFAULT_MESOS_USER", "ops"},
                    {"CARETAKER_TARGETS_DEFAULT_MESOS_PASSWORD", "secret"}};
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
}

TEST_F(LeftoversSandbox, AsksAgainForAgentsThatBrokeOff) {
    start();
    const std::string quiet = run().rows();
    mesos_->http().set_fault("half:path=*/slaves*,times=1");
    const SandboxRun once = run();
    EXPECT_EQ(once.exit_code, 0) << once.err;
    EXPECT_EQ(once.rows(), quiet);
    mesos_->http().set_fault("half:path=*/slaves*");
    EXPECT_EQ(run().exit_code, 7);
}

TEST_F(LeftoversSandbox, EndsWhereAnAnswerNeverComesToItsPoint) {
    start();
    mesos_->http().set_fault("huge:mib=80,path=*/slaves*");
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 1) << run.err;
    EXPECT_NE(run.err.find("larger than 64 MiB"), std::string::npos) << run.err;
}

TEST_F(LeftoversSandbox, TakesAnEmptyClusterForEmpty) {
    start({.agents = 0, .apps = 0, .has_states = false, .has_maintenance = false});
    const SandboxRun run = run_with_apps();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.summary().substr(0, 15), "no agents found");
}

TEST_F(LeftoversSandbox, IsPartialWhereMostAgentsHaveNotComeBack) {
    start();
    platform_->change([](PlatformState& state) {
        for (std::size_t i = 0; i < 2; ++i) {  // of 12: more than a tenth
            state.agents[i].state = sandbox::AgentState::recovered;
        }
    });
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_EQ(run.metric("agents.recovered"), 2);
    EXPECT_EQ(run.metric("agents.placeable"), 10);
}

TEST_F(LeftoversSandbox, GoesOnWithoutTheAppsOfAMarathonInTrouble) {
    start();
    const std::string alone = run().rows();
    const auto expect_partial = [&](const SandboxRun& run, std::string_view trouble) {
        EXPECT_EQ(run.exit_code, 3) << trouble << ": " << run.err;
        EXPECT_EQ(run.rows(), alone) << trouble;
        const auto& errors = json_at(run.json, "errors");
        ASSERT_EQ(errors.Size(), 1U) << trouble;
        EXPECT_EQ(json_text(errors[0], "subject"), "marathon") << trouble;
    };
    expect_partial(run({"--marathon-url", closed_address()}), "absent");
    marathon_->set_leader(std::nullopt);
    expect_partial(run_with_apps(), "without a leader");
    marathon_->set_leader(0);
    for (const std::string_view fault : {"status:code=403,path=*/v2/tasks*",
                                         "half:path=*/v2/apps*",
                                         "garbage:path=*/v2/queue*",
                                         "status:code=200,body={},path=*/v2/info*"}) {
        marathon_->http().clear_faults();
        marathon_->http().set_fault(fault);
        expect_partial(run_with_apps(), fault);
    }
}

TEST_F(LeftoversSandbox, WarnsOfAClockThatIsOff) {
    start();
    mesos_.reset();
    FakeServer master;
    master.answer("/master/slaves",
                  {.headers = {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}},
                   .body = R"({"slaves":[{"id":"S0","hostname":"h","resources":{"cpus":1},)"
                           R"("used_resources":{}}]})"});
    const SandboxRun run = run_with({"--mesos-url", master.url("")});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_NE(run.err.find("clock"), std::string::npos) << run.err;
}

TEST_F(LeftoversSandbox, ReadsMastersOfEveryAge) {
    for (const auto& [major, minor] :
         std::vector<std::pair<int, int>>{{0, 21}, {0, 28}, {1, 0}, {1, 4}, {1, 9}, {1, 12}}) {
        ClusterOptions cluster = plain_cluster();
        cluster.has_attributes = false;
        cluster.version = {.major = major, .minor = minor, .patch = 0};
        start(cluster);
        const SandboxRun run = this->run();
        EXPECT_EQ(run.exit_code, 0) << major << '.' << minor << ' ' << run.err;
        EXPECT_EQ(run.metric("agents.placeable"), 12) << major << '.' << minor;
        EXPECT_GT(run.metric("used.cpus"), 0) << major << '.' << minor;
    }
}

}  // namespace
}  // namespace caretaker::sandbox
