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
                const std::string& timestring = "%Y.%m.%d") {
    SnapshotProofs proofs(1h);
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
    IndexFacts closed = daily();
    closed.is_open = false;
    EXPECT_EQ(why(closed, {{end_ms}}), "");
    IndexFacts blocked = daily();
    blocked.is_write_blocked = true;
    EXPECT_EQ(why(blocked, {{end_ms}}), "");
    IndexFacts rolled = daily();
    rolled.rare.edit().aliases = {{"logs", false}};
    EXPECT_EQ(why(rolled, {{end_ms}}), "");
    IndexFacts written = daily();
    written.rare.edit().aliases = {{"logs", true}};
    EXPECT_NE(why(written, {{end_ms}}), "");
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
