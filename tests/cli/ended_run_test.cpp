// SPDX-License-Identifier: Apache-2.0
// The binary ended from outside while a broker keeps it waiting: what it returns, and what the next
// one finds.
#include "tests/sandbox/fake_kafka_cluster.hpp"
#include "tests/sandbox/kafka_scenario.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::FakeKafkaCluster;
using sandbox::KafkaApi;
using Words = std::vector<std::string>;

class EndedRun : public ::testing::Test {
 protected:
    EndedRun() {
        // No time-out of its own may end a run here.
        std::ofstream(temp_.file("caretaker.yml"))
            << "targets: {fake: {kafka: {request_timeout: 10m}}}\n";
    }

    [[nodiscard]] Command caretaker(Words arguments) const {
        arguments.insert(arguments.begin(), CARETAKER_BINARY);
        return {.argv = std::move(arguments),
                .environment = {{"CARETAKER_STORE", temp_.file("caretaker.db")},
                                {"CARETAKER_CONFIG", temp_.file("caretaker.yml")},
                                {"XDG_RUNTIME_DIR", temp_.path().string()},
                                {"PATH", "/usr/bin:/bin"}},
                .inherit_environment = false,
                .directory = temp_.path().string()};
    }

    [[nodiscard]] Command lag() const {
        return caretaker({"lag", "--bootstrap-server", cluster_.bootstrap_servers()});
    }

    /// A run that waits for committed offsets which never come.
    [[nodiscard]] ChildProcess start_waiting_run() {
        cluster_.set_fault("hang:api=OffsetFetch");
        ChildProcess run(lag());
        while (cluster_.requests(KafkaApi::offset_fetch) == 0) {
            if (run.wait(1ms)) {
                ADD_FAILURE() << "ended before its time: " << run.err();
                break;
            }
        }
        return run;
    }

    /// Of the runs in the store, newest first.
    [[nodiscard]] Words outcomes() const {
        const Finished history = run_command(caretaker({"history", "-o", "json"}));
        const rapidjson::Document document = parse_json(history.out);
        Words words;
        for (const rapidjson::Value& row : json_array(document, "rows")) {
            words.push_back(json_text(row, "outcome"));
        }
        return words;
    }

    TempDir temp_;
    FakeKafkaCluster cluster_{sandbox::make_demo_scenario(1)};
};

TEST_F(EndedRun, BySigtermReturns143AndIsRecordedAsInterrupted) {
    ChildProcess run = start_waiting_run();
    run.signal(SIGTERM);
    const auto status = run.wait(30s);
    ASSERT_TRUE(status) << "it waits for the broker and not for the signal";
    EXPECT_EQ(status->code, 143);
    EXPECT_EQ(status->signal, 0) << "it returns the code by itself";
    EXPECT_EQ(outcomes(), Words{"interrupted"});
}

TEST_F(EndedRun, BySigintReturns130) {
    ChildProcess run = start_waiting_run();
    run.signal(SIGINT);
    const auto status = run.wait(30s);
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 130);
    EXPECT_EQ(status->signal, 0);
}

TEST_F(EndedRun, BySigkillIsMarkedAsLostByTheNextAndBlocksNothing) {
    ChildProcess run = start_waiting_run();
    EXPECT_EQ(run.kill().signal, SIGKILL);
    EXPECT_EQ(outcomes(), Words{"running"});

    cluster_.clear_faults();
    const Finished next = run_command(lag());
    EXPECT_EQ(next.status.code, 0) << next.err;
    EXPECT_NE(next.err.find("marked as lost"), std::string::npos) << next.err;
    EXPECT_EQ(outcomes(), (Words{"ok", "lost"}));
}

TEST_F(EndedRun, OfTheSameTargetIsNotStartedASecondTime) {
    const ChildProcess first = start_waiting_run();
    const Finished second = run_command(lag());
    EXPECT_EQ(second.status.code, 0) << second.err;
    EXPECT_NE(second.out.find("another run of this job and target is under way"), std::string::npos)
        << second.out;
}

}  // namespace
}  // namespace caretaker::testing
