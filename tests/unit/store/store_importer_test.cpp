// SPDX-License-Identifier: Apache-2.0
// What an export hands over and what an import makes of it.
#include "common/store/store_importer.hpp"

#include "common/store/store.hpp"
#include "common/store/store_exporter.hpp"
#include "common/store/store_pruner.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {

namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr WallTime import_time = first_start + std::chrono::hours(1);

std::vector<StoreRow> export_all(const Store& store) {
    StoreExporter exporter = store.exporter();
    std::vector<StoreRow> all;
    for (auto rows = exporter.next(); !rows.empty(); rows = exporter.next()) {
        std::ranges::move(rows, std::back_inserter(all));
    }
    return all;
}

class ImportedStore : public testing::Test {
 protected:
    ImportCounts import(const std::vector<StoreRow>& rows,
                        bool with_holds = false,
                        WallTime now = import_time) {
        return there_->import(now, with_holds, [&](StoreImporter& importer) {
            for (const StoreRow& row : rows) {
                importer.add(row);
            }
        });
    }

    static ImportCount count_of(const ImportCounts& counts, RowType type) {
        return counts.at(static_cast<std::size_t>(type));
    }

    /// Two runs with everything that a run can leave behind, and a hold.
    void fill() {
        Report report{.summary = "ok so far",
                      .findings = {make_finding("a"), make_finding("b", Severity::critical)},
                      .actions = {{.kind = "delete",
                                   .subject = "logs-1",
                                   .reason = "34 d old",
                                   .state = ActionState::done,
                                   .identity = "uuid-1"}},
                      .metrics = {{.name = "groups", .value = 2.5},
                                  {.name = "lag", .value = 7, .labels = {{"service", "x"}}}},
                      .samples = {{.series = "lag", .labels = {{"group", "x"}}, .value = 7}}};
        here_->close_run(here_->begin_run(make_run(1)), make_close(report, 1));
        report.findings.pop_back();
        here_->close_run(here_->begin_run(make_run(2)), make_close(report, 2));
        here_->holds().set({.scope = "rotate",
                            .until = first_start + days(1),
                            .reason = "repair",
                            .by = "anna@ops",
                            .created_at = first_start});
    }

    std::unique_ptr<Store> here_ = Store::open({.path = ":memory:"});
    std::unique_ptr<Store> there_ = Store::open({.path = ":memory:"});
};

TEST_F(ImportedStore, HasAllThatWasExported) {
    fill();
    const auto rows = export_all(*here_);
    import(rows, true);
    EXPECT_EQ(there_->find_run(make_uid(2))->outcome, "ok");
    EXPECT_EQ(there_->find_run(make_uid(1))->summary, "ok so far");
    const RunDetails details = there_->run_details(there_->find_run(make_uid(1))->id);
    ASSERT_EQ(details.metrics.size(), 2U);
    EXPECT_EQ(details.metrics[0].value, 2.5);
    ASSERT_EQ(details.actions.size(), 1U);
    EXPECT_EQ(details.actions[0].reason, "34 d old");
    const auto findings = there_->findings({.with_resolved = true});
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].first_run_uid, make_uid(1));
    EXPECT_EQ(findings[0].last_run_uid, make_uid(2));
    EXPECT_TRUE(findings[1].resolved_at);
    EXPECT_EQ(there_->samples("lag", "prod", std::vector<Label>{{"group", "x"}}, WallTime()).size(),
              2U);
    EXPECT_TRUE(there_->holds().find("rotate", first_start));
    // Exported again it is the same, but for what says that it was imported.
    const auto again = export_all(*there_);
    ASSERT_EQ(again.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(again[i].type, rows[i].type);
        EXPECT_EQ(again[i].values, rows[i].values) << to_string(rows[i].type);
    }
}

TEST_F(ImportedStore, IsTheSameAfterASecondImport) {
    fill();
    const auto rows = export_all(*here_);
    const ImportCounts first = import(rows);
    EXPECT_EQ(count_of(first, RowType::run).added, 2);
    EXPECT_EQ(count_of(first, RowType::metric).added, 4);
    const auto before = export_all(*there_);
    const ImportCounts second = import(rows);
    for (const RowType type : {RowType::run,
                               RowType::action,
                               RowType::metric,
                               RowType::finding,
                               RowType::sample,
                               RowType::event}) {
        EXPECT_EQ(count_of(second, type).added, 0) << to_string(type);
        EXPECT_EQ(count_of(second, type).known, count_of(first, type).added) << to_string(type);
    }
    EXPECT_EQ(export_all(*there_).size(), before.size());
}

TEST_F(ImportedStore, KeepsItsOwnRowsAsTheyAre) {
    fill();
    const auto rows = export_all(*here_);
    here_.swap(there_);
    fill();
    here_.swap(there_);
    there_->acknowledge(1, first_start + days(3), "known here");
    import(rows);
    EXPECT_EQ(there_->find_finding("1")->ack_note, "known here");
    EXPECT_FALSE(there_->find_run(make_uid(1))->imported_at);
}

TEST_F(ImportedStore, MarksRunsAsImportedAndDoesNotGoByTheirClock) {
    fill();
    import(export_all(*here_));
    EXPECT_EQ(there_->find_run(make_uid(1))->imported_at, import_time);
    EXPECT_EQ(there_->newest_end("agent-1"), std::nullopt);
    EXPECT_TRUE(here_->newest_end("agent-1"));
}

TEST_F(ImportedStore, LeavesTheUnsettledActionsOfOthersToThem) {
    const Report report{.actions = {{.kind = "delete",
                                     .subject = "logs-1",
                                     .reason = "old",
                                     .state = ActionState::unknown}}};
    here_->close_run(here_->begin_run(make_run(1)), make_close(report, 1, Outcome::failed));
    EXPECT_EQ(here_->unsettled_actions("lag", "prod").size(), 1U);
    import(export_all(*here_));
    EXPECT_EQ(there_->unsettled_actions("lag", "prod").size(), 0U);
}

TEST_F(ImportedStore, HoldsNothingUnlessAsked) {
    fill();
    EXPECT_EQ(count_of(import(export_all(*here_)), RowType::hold).left_out, 1);
    EXPECT_FALSE(there_->holds().find("rotate", first_start));
    EXPECT_EQ(count_of(import(export_all(*here_), true), RowType::hold).added, 1);
    EXPECT_EQ(count_of(import(export_all(*here_), true), RowType::hold).known, 1);
    EXPECT_EQ(
        count_of(import(export_all(*here_), true, first_start + days(2)), RowType::hold).left_out,
        1)
        << "it is over";
}

TEST_F(ImportedStore, DoesNotBringBackSamplesThatWereRolledUp) {
    fill();
    const auto rows = export_all(*here_);
    import(rows);
    const std::vector<Label> labels{{"group", "x"}};
    const PruneRequest prune{.now = first_start + days(10), .always = true};
    there_->prune(prune);
    const auto rolled_up = there_->samples("lag", "prod", labels, WallTime());
    ASSERT_EQ(rolled_up.size(), 1U);
    EXPECT_EQ(rolled_up[0].count, 2);
    EXPECT_EQ(count_of(import(rows), RowType::sample).known, 2);
    there_->prune(prune);
    EXPECT_EQ(there_->samples("lag", "prod", labels, WallTime())[0].count, 2);
}

TEST_F(ImportedStore, ThinsTheMetricsOfRunsThatCameLate) {
    there_->prune({.now = first_start + days(40), .always = true});
    fill();
    import(export_all(*here_), false, first_start + days(40));
    there_->prune({.now = first_start + days(41), .always = true});
    // Of each hour the last ok run keeps them.
    EXPECT_EQ(there_->run_details(there_->find_run(make_uid(1))->id).metrics.size(), 0U);
    EXPECT_EQ(there_->run_details(there_->find_run(make_uid(2))->id).metrics.size(), 2U);
}

TEST(StoreExporter, LeavesOutRunsThatHaveNotEnded) {
    const auto store = Store::open({.path = ":memory:"});
    const Report report{.metrics = {{.name = "groups", .value = 1}}};
    const auto running = store->begin_run(make_run(1));
    store->close_run(store->begin_run(make_run(2)), make_close(report, 2));
    StoreExporter exporter = store->exporter();
    EXPECT_EQ(exporter.runs_left_out(), 1);
    store->close_run(running, make_close(report, 1));
    std::vector<std::string> runs;
    for (auto rows = exporter.next(); !rows.empty(); rows = exporter.next()) {
        for (const StoreRow& row : rows) {
            if (row.type == RowType::run) {
                runs.push_back(row.text("uid"));
            } else if (row.type == RowType::metric) {
                EXPECT_EQ(row.text("run"), make_uid(2));
            }
        }
    }
    EXPECT_EQ(runs, std::vector<std::string>{make_uid(2)});
}

TEST(StoreExporter, GivesMoreRowsThanOneBatchHolds) {
    const auto store = Store::open({.path = ":memory:", .max_rows_per_run = 10'000});
    Report report;
    for (int i = 0; i < 4500; ++i) {
        report.metrics.push_back({.name = "lag",
                                  .value = static_cast<double>(i),
                                  .labels = {{"group", "g" + std::to_string(i)}}});
    }
    store->close_run(store->begin_run(make_run(1)), make_close(report, 1));
    const auto rows = export_all(*store);
    EXPECT_EQ(std::ranges::count(rows, RowType::metric, &StoreRow::type), 4500);
}

}  // namespace

}  // namespace caretaker
