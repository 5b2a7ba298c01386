// SPDX-License-Identifier: Apache-2.0
// Findings as they are listed, found and acknowledged.
#include "common/base/error.hpp"
#include "common/store/findings_recorder.hpp"
#include "common/store/store.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace caretaker {

namespace {

class Findings : public testing::Test {
 protected:
    void record(int number,
                std::vector<Finding> findings,
                const std::string& job = "lag",
                const std::string& target = "prod") {
        Report report;
        report.findings = std::move(findings);
        store_->close_run(store_->begin_run(make_run(number, job, target)),
                          make_close(report, number));
    }

    std::string subjects(const FindingFilter& filter) {
        std::string text;
        for (const FindingRow& row : store_->findings(filter)) {
            text += row.finding.subject + " ";
        }
        return text;
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
};

TEST_F(Findings, ComeWorstFirstThenByWhenTheyWereSeenLast) {
    record(1, {make_finding("a"), make_finding("b", Severity::critical)}, "lag", "prod");
    record(2, {make_finding("c"), make_finding("d", Severity::info)}, "cleanup", "prod");
    EXPECT_EQ(subjects({}), "b c a d ");
    EXPECT_EQ(subjects({.limit = 2}), "b c ");
}

TEST_F(Findings, AreFilteredByJobTargetAndSeverity) {
    record(1, {make_finding("a"), make_finding("b", Severity::high)});
    record(2, {make_finding("c")}, "cleanup", "prod");
    record(3, {make_finding("d")}, "lag", "test");
    EXPECT_EQ(subjects({.job = "lag"}), "b d a ");
    EXPECT_EQ(subjects({.job = "lag", .target = "prod"}), "b a ");
    EXPECT_EQ(subjects({.target = "test"}), "d ");
    EXPECT_EQ(subjects({.least = Severity::high}), "b ");
    EXPECT_EQ(subjects({.least = Severity::critical}), "");
}

TEST_F(Findings, ThatAreResolvedAreListedOnlyWhenAskedForAndThenLast) {
    record(1, {make_finding("gone", Severity::critical), make_finding("here")});
    record(2, {make_finding("here")});
    EXPECT_EQ(subjects({}), "here ");
    EXPECT_EQ(subjects({.with_resolved = true}), "here gone ");
}

TEST_F(Findings, TellAllThatTheStoreKnowsOfThem) {
    record(1, {make_finding("a")});
    record(2, {make_finding("a", Severity::high)});
    record(3, {});
    const FindingRow row = store_->findings({.with_resolved = true}).at(0);
    EXPECT_EQ(row.job, "lag");
    EXPECT_EQ(row.target, "prod");
    EXPECT_EQ(row.fingerprint, format_fingerprint("lag", "prod", make_finding("a")));
    EXPECT_EQ(row.finding.severity, Severity::high);
    EXPECT_EQ(row.finding.message, "lag grew from 10 to 20");
    EXPECT_EQ(row.finding.data, (std::vector<Label>{{"lag", "20"}}));
    EXPECT_EQ(row.first_seen, make_close({}, 1).ended_at);
    EXPECT_EQ(row.last_seen, make_close({}, 2).ended_at);
    EXPECT_EQ(row.times_seen, 2);
    EXPECT_EQ(row.resolved_at, make_close({}, 3).ended_at);
    EXPECT_EQ(row.first_run_uid, make_uid(1));
    EXPECT_EQ(row.last_run_uid, make_uid(2));
    EXPECT_EQ(row.acked_until, std::nullopt);
}

TEST_F(Findings, AreFoundByIdOrByTheBeginningOfTheFingerprint) {
    record(1, {make_finding("a"), make_finding("b")});
    const FindingRow row = store_->findings({}).at(0);
    EXPECT_EQ(store_->find_finding(std::to_string(row.id))->fingerprint, row.fingerprint);
    EXPECT_EQ(store_->find_finding(row.fingerprint)->id, row.id);
    EXPECT_EQ(store_->find_finding(row.fingerprint.substr(0, 10))->id, row.id);
    for (const char* selector : {"", "99", "xyz", "-1", "ffffffffffffffff", "1 ", "%"}) {
        EXPECT_FALSE(store_->find_finding(selector).has_value()) << selector;
    }
}

TEST_F(Findings, AreNotPickedWhenSeveralBeginSo) {
    std::vector<Finding> many;
    for (int i = 0; i < 40; ++i) {  // more than there are hex digits
        many.push_back(make_finding("subject " + std::to_string(i)));
    }
    record(1, many);
    std::vector<std::string> fingerprints;
    for (const FindingRow& row : store_->findings({})) {
        fingerprints.push_back(row.fingerprint);
    }
    std::ranges::sort(fingerprints);
    std::string common;
    for (std::size_t i = 1; i < fingerprints.size(); ++i) {
        const std::string& last = fingerprints[i - 1];
        const auto end = std::ranges::mismatch(last, fingerprints[i]).in1;
        const std::string shared(last.begin(), end);
        common = shared.size() > common.size() ? shared : common;
    }
    ASSERT_GE(common.size(), 3U) << "shorter ones may be the id of a row";
    std::string message;
    try {
        EXPECT_FALSE(store_->find_finding(common).has_value());
    } catch (const UsageError& error) {
        message = error.what();
    }
    EXPECT_NE(message.find("may mean several findings"), std::string::npos) << message;
    EXPECT_NE(message.find(" subject "), std::string::npos) << message;
}

TEST_F(Findings, StayAcknowledgedUntilTheTimeIsOver) {
    record(1, {make_finding("a")});
    const std::int64_t id = store_->findings({}).at(0).id;
    const WallTime until = first_start + std::chrono::hours(1);
    store_->acknowledge(id, until, "known");
    record(2, {make_finding("a")});
    const FindingRow row = store_->findings({}).at(0);
    EXPECT_EQ(row.ack_note, "known");
    EXPECT_TRUE(row.is_acknowledged(until - std::chrono::milliseconds(1)));
    EXPECT_FALSE(row.is_acknowledged(until));
}

TEST_F(Findings, ReplaceAnAcknowledgementAndTakeItBack) {
    record(1, {make_finding("a")});
    const std::int64_t id = store_->findings({}).at(0).id;
    EXPECT_FALSE(store_->withdraw_acknowledgement(id)) << "there is none";
    store_->acknowledge(id, first_start, "one");
    store_->acknowledge(id, first_start + std::chrono::hours(2), "");
    EXPECT_EQ(store_->findings({}).at(0).acked_until, first_start + std::chrono::hours(2));
    EXPECT_EQ(store_->findings({}).at(0).ack_note, "");
    EXPECT_TRUE(store_->withdraw_acknowledgement(id));
    EXPECT_EQ(store_->findings({}).at(0).acked_until, std::nullopt);
    EXPECT_THROW(store_->acknowledge(id + 1, first_start, ""), StoreError);
    EXPECT_FALSE(store_->withdraw_acknowledgement(id + 1));
}

}  // namespace

}  // namespace caretaker
