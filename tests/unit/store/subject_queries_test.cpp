// SPDX-License-Identifier: Apache-2.0
// What was ever done to one thing.
#include "common/store/store.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {

namespace {

class Subjects : public testing::Test {
 protected:
    Subjects() {
        act(1, "rotate", "prod", ActionState::failed);
        act(2, "rotate", "prod", ActionState::done);
        act(3, "cleanup", "test", ActionState::would);
    }

    void act(int number, const std::string& job, const std::string& target, ActionState state) {
        const RunInfo info = make_run(number, job, target);
        Report report;
        for (const char* subject : {"logs-1", "logs-10"}) {
            report.actions.push_back({.kind = "delete",
                                      .subject = subject,
                                      .reason = "34 d old, keep 30 d",
                                      .state = state,
                                      .bytes = 512,
                                      .started_at = info.started_at});
        }
        store_->close_run(store_->begin_run(info), make_close(report, number));
    }

    std::string runs(const RunFilter& filter) {
        std::string text;
        for (const SubjectAction& done : store_->actions_on("logs-1", filter)) {
            text += done.run_uid.back();
        }
        return text;
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
};

TEST_F(Subjects, AreFoundByTheirWholeNameNewestActionFirst) {
    EXPECT_EQ(runs({}), "321");
    EXPECT_EQ(runs({.limit = 2}), "32");
    EXPECT_TRUE(store_->actions_on("logs", {}).empty());
    EXPECT_TRUE(store_->actions_on("", {}).empty());
}

TEST_F(Subjects, AreFilteredByTheRuns) {
    EXPECT_EQ(runs({.job = "rotate"}), "21");
    EXPECT_EQ(runs({.target = "test"}), "3");
    EXPECT_EQ(runs({.since = make_run(2).started_at}), "32");
    EXPECT_EQ(runs({.job = "rotate", .until = make_run(2).started_at}), "1");
    EXPECT_EQ(runs({.failed = true}), "");
}

TEST_F(Subjects, TellWhatWasDoneWhyAndByWhom) {
    const SubjectAction done = store_->actions_on("logs-10", {.job = "rotate"}).at(0);
    EXPECT_EQ(done.action.kind, "delete");
    EXPECT_EQ(done.action.subject, "logs-10");
    EXPECT_EQ(done.action.state, "done");
    EXPECT_EQ(done.action.reason, "34 d old, keep 30 d");
    EXPECT_EQ(done.action.bytes, 512);
    EXPECT_EQ(done.action.seq, 2);
    EXPECT_EQ(done.run_uid, make_uid(2));
    EXPECT_EQ(done.job, "rotate");
    EXPECT_EQ(done.target, "prod");
    EXPECT_EQ(done.host, "agent-1");
    EXPECT_FALSE(done.dry_run);
}

}  // namespace

}  // namespace caretaker
