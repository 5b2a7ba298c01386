// SPDX-License-Identifier: Apache-2.0
// When a snapshot proves that an index may go.
#include "jobs/rotate/snapshot_proof.hpp"

#include "jobs/rotate/action_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t hour_ms = 3'600'000;

/// Of "2026.01.01" the day ends at that time.
constexpr std::int64_t end_ms = 1'767'312'000'000;

std::vector<FilterSpec> filters(const std::string& timestring) {
    const ActionFile file = read_action_file(
        fmt::format("actions: {{1: {{action: delete_indices, filters: [{{filtertype: age, source: "
                    "name, timestring: '{}', direction: older, unit: days, unit_count: 1}}]}}}}\n",
                    timestring),
        "f.yml",
        [](std::string_view) -> std::optional<std::string> { return std::nullopt; });
    return file.actions.at(0).filters;
}

struct Taken {
    std::int64_t started_ms = 0;
    std::string state{"SUCCESS"};
    std::vector<std::string> failed{};
};

std::string why(const IndexFacts& index,
                const std::vector<Taken>& snapshots,
                const std::string& timestring = "%Y.%m.%d",
                const std::vector<IndexFacts>& others = {}) {
    std::vector<IndexFacts> all = others;
    all.push_back(index);
    SnapshotProofs proofs(1h, all);
    int number = 0;
    for (const Taken& one : snapshots) {
        proofs.add("r",
                   {.name = fmt::format("s{}", ++number),
                    .created_ms = one.started_ms,
                    .rare = RareFacts{.snapshot_state = one.state}},
                   {.indices = {std::string(index.name), "other"}, .failed = one.failed},
                   std::vector{index});
    }
    return proofs.why_unproven(index, filters(timestring));
}

IndexFacts daily() {
    return {.name = "logs-2026.01.01", .created_ms = end_ms - 24 * hour_ms};
}

TEST(SnapshotProof, NeedsAWholeSnapshotOfThisVeryIndex) {
    EXPECT_EQ(why(daily(), {}), "no snapshot holds it whole");
    EXPECT_EQ(why(daily(), {{end_ms + 2 * hour_ms}}), "");
    EXPECT_EQ(why(daily(), {{end_ms + 2 * hour_ms, "FAILED"}}), "no snapshot holds it whole");
    EXPECT_EQ(why(daily(), {{end_ms + 2 * hour_ms, "IN_PROGRESS"}}), "no snapshot holds it whole");
    EXPECT_EQ(why(daily(), {{end_ms + 2 * hour_ms, "PARTIAL", {"other"}}}), "");
    EXPECT_EQ(why(daily(), {{end_ms + 2 * hour_ms, "PARTIAL", {"logs-2026.01.01"}}}),
              "no snapshot holds it whole");
    EXPECT_EQ(why(daily(), {{end_ms - 25 * hour_ms}}), "the snapshot r/s1 is older than the index");
    IndexFacts of_unknown_age = daily();
    of_unknown_age.created_ms.reset();
    EXPECT_NE(why(of_unknown_age, {{end_ms + 2 * hour_ms}}), "");
}

TEST(SnapshotProof, MustHaveBegunBehindTheLastWrite) {
    EXPECT_EQ(why(daily(), {{end_ms + hour_ms}}), "");
    EXPECT_EQ(why(daily(), {{end_ms + hour_ms - 1}}),
              "the snapshot r/s1 began before the time in its name was over");
    EXPECT_EQ(why(daily(), {{end_ms + hour_ms - 1}, {end_ms + hour_ms}, {end_ms}}), "");
}

TEST(SnapshotProof, TakesAClosedOrBlockedIndexWithoutATimeInItsNameForWritten) {
    IndexFacts closed{.name = "logs", .is_open = false, .created_ms = 1};
    EXPECT_EQ(why(closed, {{2}}), "");
    IndexFacts blocked{.name = "logs", .is_write_blocked = true, .created_ms = 1};
    EXPECT_EQ(why(blocked, {{2}}), "");
    // It may have been written to until just now, and the snapshot be older.
    closed = daily();
    closed.is_open = false;
    EXPECT_EQ(why(closed, {{end_ms + hour_ms - 1}}),
              "the snapshot r/s1 began before the time in its name was over");
    EXPECT_EQ(why(closed, {{end_ms + hour_ms}}), "");
    blocked = daily();
    blocked.is_write_blocked = true;
    EXPECT_NE(why(blocked, {{end_ms + hour_ms - 1}}), "");
}

TEST(SnapshotProof, TakesARolledOverIndexForWrittenWhereAnotherOneWasWrittenToByThen) {
    const auto rolled = [](std::optional<bool> flag) {
        return IndexFacts{.name = "logs-000001",
                          .created_ms = 10,
                          .rare = RareFacts{.aliases = {{"logs", flag}}}};
    };
    const auto next = [](std::int64_t created_ms, std::string_view alias = "logs") {
        return IndexFacts{.name = "logs-000002",
                          .created_ms = created_ms,
                          .rare = RareFacts{.aliases = {{alias, true}}}};
    };
    const std::string open = "it can still be written to, so the snapshot r/s1 may lack something";
    EXPECT_EQ(why(rolled(false), {{20}}, "%Y.%m.%d", {next(20)}), "");
    EXPECT_EQ(why(rolled(false), {{20}}, "%Y.%m.%d", {next(21)}), open);
    EXPECT_EQ(why(rolled(false), {{20}}, "%Y.%m.%d", {next(9)}), open);  // writes went back to it
    EXPECT_EQ(why(rolled(false), {{20}}, "%Y.%m.%d", {next(20, "other")}), open);
    EXPECT_EQ(why(rolled(false), {{20}}), open);  // an alias for reading alone
    EXPECT_EQ(why(rolled(std::nullopt), {{20}}, "%Y.%m.%d", {next(20)}), open);
    EXPECT_EQ(why(rolled(true), {{20}}), open);
}

TEST(SnapshotProof, ReadsTheTimeOutOfTheNameByTheFiltersOfTheAction) {
    const IndexFacts unnamed{.name = "logs", .created_ms = 1};
    EXPECT_EQ(why(unnamed, {{end_ms}}),
              "it can still be written to, so the snapshot r/s1 may lack something");
    IndexFacts hourly{.name = "logs-2026.01.01.23", .created_ms = 1};
    EXPECT_EQ(why(hourly, {{end_ms + hour_ms}}, "%Y.%m.%d.%H"), "");
    EXPECT_NE(why(hourly, {{end_ms + hour_ms - 1}}, "%Y.%m.%d.%H"), "");
    IndexFacts weekly{.name = "logs-2026.01", .created_ms = 1};  // ends on 5 January
    EXPECT_NE(why(weekly, {{end_ms + 73 * hour_ms - 1}}, "%G.%V"), "");
    EXPECT_EQ(why(weekly, {{end_ms + 73 * hour_ms}}, "%G.%V"), "");
}

}  // namespace
}  // namespace caretaker
