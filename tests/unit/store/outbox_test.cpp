// SPDX-License-Identifier: Apache-2.0
#include "common/store/outbox.hpp"

#include "common/store/store.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::minutes;

class OutboxTest : public testing::Test {
 protected:
    /// Ends a run that leaves these documents.
    void leave(const std::vector<OutboxDocument>& documents) {
        const std::int64_t run = store_->begin_run(make_run(++runs_));
        const Report report;
        store_->close_run(
            run, {.report = report, .ended_at = now_, .make_documents = [&](const FindingsDiff&) {
                      return documents;
                  }});
    }

    [[nodiscard]] std::vector<std::string> due_at(WallTime time, OutboxBatch batch = {}) const {
        std::vector<std::string> ids;
        for (const WaitingDocument& one : store_->outbox().find_due(time, batch)) {
            ids.push_back(one.document.id);
        }
        return ids;
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
    int runs_ = 0;
    const WallTime now_ = first_start;
};

using Ids = std::vector<std::string>;

TEST_F(OutboxTest, HoldsWhatRunsLeaveUntilItHasArrived) {
    leave({{"i", "a", "{}"}, {"i", "b", "{}"}});
    leave({{"i", "c", "{}"}});
    EXPECT_EQ(due_at(now_), (Ids{"a", "b", "c"}));
    store_->outbox().remove(store_->outbox().find_due(now_, {.documents = 2}));
    EXPECT_EQ(due_at(now_), Ids{"c"});
}

TEST_F(OutboxTest, SendsAgainWhatIsThereTwiceAsOne) {
    leave({{"i", "a", "old"}});
    leave({{"i", "a", "new"}, {"j", "a", "other"}});
    const auto due = store_->outbox().find_due(now_);
    ASSERT_EQ(due.size(), 2U);
    EXPECT_EQ(due[0].document.body, "new");
}

TEST_F(OutboxTest, GivesBatchesByNumberAndBytes) {
    const std::string large(1'000, 'x');
    leave({{"i", "a", large}, {"i", "b", large}, {"i", "c", large}});
    EXPECT_EQ(due_at(now_, {.documents = 2}).size(), 2U);
    EXPECT_EQ(due_at(now_, {.bytes = 2'000}).size(), 2U);
    EXPECT_EQ(due_at(now_, {.bytes = 1'999}).size(), 1U);
    EXPECT_EQ(due_at(now_, {.bytes = 10}).size(), 1U) << "else it would wait for ever";
}

TEST_F(OutboxTest, WaitsLongerAfterEachTryAndAnHourAtMost) {
    leave({{"i", "a", "{}"}});
    WallTime now = now_;
    for (const int pause : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
        store_->outbox().postpone(store_->outbox().find_due(now), now);
        EXPECT_EQ(due_at(now + minutes(pause) - std::chrono::milliseconds(1)), Ids{}) << pause;
        now += minutes(pause);
        EXPECT_EQ(due_at(now), Ids{"a"}) << pause;
    }
}

TEST_F(OutboxTest, CountsWhatIsNotTriedAgain) {
    leave({{"i", "a", "{}"}, {"i", "b", "{}"}});
    store_->outbox().park(store_->outbox().find_due(now_, {.documents = 1}));
    EXPECT_EQ(due_at(now_ + std::chrono::days(10'000)), Ids{"b"});
    EXPECT_EQ(store_->outbox().count().waiting, 1);
    EXPECT_EQ(store_->outbox().count().parked, 1);
}

}  // namespace
}  // namespace caretaker
