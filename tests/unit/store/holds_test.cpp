// SPDX-License-Identifier: Apache-2.0
// Holds and their time.
#include "common/store/holds.hpp"

#include "common/store/store.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {

namespace {

using std::chrono::hours;

class Holds : public testing::Test {
 protected:
    void hold(const std::string& scope,
              std::chrono::milliseconds length,
              std::string reason = "r") {
        store_->holds().set({.scope = scope,
                             .until = now_ + length,
                             .reason = std::move(reason),
                             .by = "anna@ops1",
                             .created_at = now_});
    }

    std::string scope_for(const std::string& job, WallTime at) {
        const auto found = store_->holds().find(job, at);
        return found ? found->scope : "none";
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
    const WallTime now_ = first_start;
};

TEST_F(Holds, KeepTheirJobUntilTheirTimeIsOver) {
    hold("lag", hours(2));
    EXPECT_EQ(scope_for("lag", now_), "lag");
    EXPECT_EQ(scope_for("lag", now_ + hours(2) - std::chrono::milliseconds(1)), "lag");
    EXPECT_EQ(scope_for("lag", now_ + hours(2)), "none");
    EXPECT_EQ(scope_for("rotate", now_), "none");
}

TEST_F(Holds, OfAllKeepEveryJob) {
    hold("all", hours(1));
    EXPECT_EQ(scope_for("lag", now_), "all");
    hold("lag", hours(2), "its own");
    EXPECT_EQ(scope_for("lag", now_), "lag") << "its own reason is the better one";
    EXPECT_EQ(scope_for("rotate", now_), "all");
}

TEST_F(Holds, ReplaceEachOther) {
    hold("lag", hours(2), "first");
    hold("lag", hours(1), "second");
    const auto holds = store_->holds().list(now_);
    ASSERT_EQ(holds.size(), 1U);
    EXPECT_EQ(holds[0].reason, "second");
    EXPECT_EQ(holds[0].until, now_ + hours(1));
    EXPECT_EQ(holds[0].by, "anna@ops1");
    EXPECT_EQ(holds[0].created_at, now_);
}

TEST_F(Holds, EndBeforeTheirTimeWhenSomebodyWantsIt) {
    hold("lag", hours(2));
    EXPECT_TRUE(store_->holds().remove("lag", "ben@ops1", now_));
    EXPECT_EQ(scope_for("lag", now_), "none");
    EXPECT_FALSE(store_->holds().remove("lag", "ben@ops1", now_));
    hold("lag", hours(1));
    EXPECT_FALSE(store_->holds().remove("lag", "ben@ops1", now_ + hours(1))) << "it was over";
}

TEST_F(Holds, AreListedByTheirScopeWhileTheyLast) {
    hold("rotate", hours(2));
    hold("all", hours(1));
    ASSERT_EQ(store_->holds().list(now_).size(), 2U);
    EXPECT_EQ(store_->holds().list(now_)[0].scope, "all");
    EXPECT_EQ(store_->holds().list(now_ + hours(1)).size(), 1U);
    EXPECT_TRUE(store_->holds().list(now_ + hours(2)).empty());
}

}  // namespace

}  // namespace caretaker
