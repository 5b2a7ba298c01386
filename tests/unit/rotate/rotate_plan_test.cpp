// SPDX-License-Identifier: Apache-2.0
// What a file will do to a list of indices: all of its actions, before the first of them.
#include "jobs/rotate/rotate_plan.hpp"

#include "common/base/error.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/rotate_report.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

std::deque<ActionSpec> read(const std::string& text) {
    const auto no_variable = [](std::string_view) -> std::optional<std::string> {
        return std::nullopt;
    };
    ActionFile file = read_action_file(text, "f.yml", no_variable);
    EXPECT_EQ(format_problems(file.problems), format_problems({}));
    return {file.actions.begin(), file.actions.end()};
}

struct Planned {
    std::deque<ActionSpec> specs{};
    std::optional<RotatePlanner> planner{};

    [[nodiscard]] Words actions() const {
        Words words;
        for (const Action& action : planner->actions()) {
            words.push_back(fmt::format("{} {}", action.kind, action.subject));
        }
        return words;
    }

    [[nodiscard]] Words spared() const {
        Words words;
        for (const SparedIndex& spared : planner->spared()) {
            words.push_back(fmt::format("{}: {}", spared.name, spared.reason));
        }
        return words;
    }

    [[nodiscard]] StepState state(std::size_t step) const { return planner->steps()[step].state; }
};

Planned plan(const std::string& text,
             std::vector<IndexFacts> indices,
             PlanPolicy policy = {},
             const StepFacts& facts = {}) {
    const UnixSeconds now = parse_whole_date("2026.11.25", "%Y.%m.%d").value();
    Planned planned{.specs = read(text)};
    planned.planner.emplace(IndexList{.indices = std::move(indices)}, policy, now);
    for (const ActionSpec& spec : planned.specs) {
        planned.planner->add(spec, facts);
    }
    return planned;
}

std::vector<IndexFacts> two_logs() {
    return {{.name = "logs-2026.10.01", .uuid = "u1", .total_bytes = 7},
            {.name = "logs-2026.11.24", .uuid = "u2", .total_bytes = 9}};
}

constexpr const char* old_logs = R"(
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: name, direction: older, timestring: '%Y.%m.%d', unit: days, unit_count: 30}
)";

TEST(RotatePlan, GivesEachActionItsReasonItsBytesAndItsUuid) {
    const Planned planned =
        plan(fmt::format("actions:\n  1:\n    action: delete_indices{}", old_logs), two_logs());
    ASSERT_EQ(planned.planner->actions().size(), 1U);
    const Action action = planned.planner->actions()[0];
    EXPECT_EQ(action.kind, "delete_index");
    EXPECT_EQ(action.subject, "logs-2026.10.01");
    EXPECT_EQ(action.identity, "u1");
    EXPECT_EQ(action.bytes, 7);
    EXPECT_EQ(action.reason, "55 d old (2026.10.01 in its name), older than 30 days");
    EXPECT_TRUE(action.destructive);
    EXPECT_EQ(planned.planner->universe(), 2);
}

TEST(RotatePlan, ReckonsWithWhatItHasPlanned) {
    const Planned planned = plan(R"(actions:
  1: {action: close, filters: [{filtertype: pattern, kind: suffix, value: '10.01'}]}
  2: {action: delete_indices, filters: [{filtertype: opened}]}
  3: {action: delete_indices, options: {ignore_empty_list: true}, filters: [{filtertype: opened}]}
  4: {action: create_index, options: {name: 'new-%Y'}}
  5: {action: alias, options: {name: a}, add: {filters: [{filtertype: none}]}}
)",
                                 two_logs());
    EXPECT_EQ(planned.actions(),
              (Words{"close_index logs-2026.10.01",
                     "delete_index logs-2026.10.01",
                     "create_index new-2026",
                     "add_alias logs-2026.11.24",
                     "add_alias new-2026"}));
    EXPECT_EQ(planned.state(2), StepState::empty);
}

TEST(RotatePlan, EndsAtAnEmptyListAsCuratorDoes) {
    const std::string text = R"(actions:
  1: {action: open, filters: [{filtertype: pattern, kind: prefix, value: none}]}
  2: {action: open, filters: [{filtertype: none}]}
)";
    const Planned planned = plan(text, two_logs());
    EXPECT_EQ(planned.state(0), StepState::stopped);
    EXPECT_EQ(planned.state(1), StepState::not_run);
    EXPECT_TRUE(planned.actions().empty());
    const Report report =
        report_rotation({.steps = planned.planner->steps(), .indices_seen = 2}, ActionList());
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].subject, "action 2 (open)");
    EXPECT_EQ(report.outcome, Outcome::ok);

    const Planned going_on = plan(text, two_logs(), {.continue_on_empty = true});
    EXPECT_EQ(going_on.actions().size(), 2U);
}

TEST(RotatePlan, IsNoFailureWhenTheLastListIsEmpty) {
    const Planned planned = plan(
        "actions: {1: {action: open, filters: [{filtertype: pattern, kind: prefix, value: x}]}}\n",
        two_logs());
    const Report report =
        report_rotation({.steps = planned.planner->steps(), .indices_seen = 2}, ActionList());
    EXPECT_TRUE(report.problems.empty());
    EXPECT_EQ(report.summary, "nothing to do; 2 indices seen");
    const Report of_curator = report_rotation(
        {.steps = planned.planner->steps(), .indices_seen = 2, .as_curator = true}, ActionList());
    EXPECT_EQ(of_curator.outcome, Outcome::failed);
}

TEST(RotatePlan, TakesAListEmptiedByItsLastFilterInCuratorsDryRunAsCuratorDoes) {
    const auto state = [](const std::string& action, const std::string& filters) {
        const Planned planned =
            plan(fmt::format("actions:\n"
                             "  1: {{action: {}, filters: [{}]}}\n"
                             "  2: {{action: open, filters: [{{filtertype: none}}]}}\n",
                             action,
                             filters),
                 two_logs(),
                 {.as_curators_dry_run = true});
        EXPECT_EQ(planned.state(1) == StepState::not_run, planned.state(0) == StepState::stopped);
        return planned.state(0);
    };
    const std::string nothing = "{filtertype: pattern, kind: prefix, value: x}";
    EXPECT_EQ(state("open", nothing), StepState::empty);
    EXPECT_EQ(state("open", nothing + ", {filtertype: ilm}, {filtertype: none}"), StepState::empty);
    EXPECT_EQ(state("open", nothing + ", {filtertype: closed}"), StepState::stopped);
    EXPECT_EQ(state("snapshot, options: {repository: r}", nothing), StepState::stopped);
    const Planned planned = plan("actions: {1: {action: open, filters: [" + nothing + "]}}\n",
                                 two_logs(),
                                 {.as_curators_dry_run = true});
    EXPECT_EQ(planned.planner->steps()[0].note,
              "no index is left by its filters; a run that is not dry would fail here");
}

TEST(RotatePlan, FailsUnderCuratorsNameAnAliasWithNothingToRemove) {
    const std::string only_remove = R"(actions:
  1: {action: alias, options: {name: a}, remove: {filters: [{filtertype: none}]}}
)";
    const PlanPolicy as_curator{.as_curator = true};
    EXPECT_EQ(plan(only_remove, two_logs()).state(0), StepState::nothing);
    EXPECT_EQ(plan(only_remove, two_logs(), as_curator).state(0), StepState::impossible);
    std::vector<IndexFacts> added{{.name = "b", .rare = RareFacts{.aliases = {{"a", false}}}}};
    EXPECT_EQ(plan(only_remove, added, as_curator).state(0), StepState::planned);
    const std::string both = R"(actions:
  1:
    action: alias
    options: {name: a}
    add: {filters: [{filtertype: none}]}
    remove: {filters: [{filtertype: none}]}
)";
    EXPECT_EQ(plan(both, added, as_curator).state(0), StepState::nothing);
}

TEST(RotatePlan, SetsNoStaticSettingsOfOpenIndices) {
    const auto state = [](const std::string& settings, bool is_open, const std::string& more = "") {
        std::vector<IndexFacts> indices{{.name = "a", .is_open = is_open}};
        return plan(
                   fmt::format("actions: {{1: {{action: index_settings, options: {{index_settings: "
                               "{{index: {{{}}}}}{}}}, filters: [{{filtertype: none}}]}}}}\n",
                               settings,
                               more),
                   indices)
            .state(0);
    };
    for (const char* fixed : {"codec: x",
                              "number_of_shards: 2",
                              "shard.check_on_startup: x",
                              "refresh_interval: 1s, routing_partition_size: 2"}) {
        EXPECT_EQ(state(fixed, true), StepState::impossible) << fixed;
        EXPECT_EQ(state(fixed, false), StepState::planned) << fixed;
        EXPECT_EQ(state(fixed, true, ", ignore_unavailable: true"), StepState::planned) << fixed;
    }
    EXPECT_EQ(state("refresh_interval: 1s", true), StepState::planned);
}

TEST(RotatePlan, NamesTheFilterWhoseExpressionTakesTooManySteps) {
    const std::string text =
        "actions: {1: {action: open, filters: [{filtertype: pattern, kind: regex, value: "
        "'^(a+)+$'}]}}\n";
    std::vector<IndexFacts> indices{
        {.name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"}};
    try {
        (void)plan(text, indices);
        FAIL() << "no limit was reached";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "pattern_limit");
        EXPECT_EQ(std::string(error.what()).find("f.yml:1:"), 0U) << error.what();
    }
}

TEST(RotatePlan, SaysWhatADryRunWouldHaveTaken) {
    const Planned planned = plan(
        "actions: {1: {action: snapshot, options: {repository: r, name: s}, "
        "filters: [{filtertype: none}]}}\n",
        two_logs());
    ActionList actions = planned.planner->actions();
    ASSERT_EQ(actions.size(), 1U);
    actions.set_state(0, ActionState::would);
    const Report report =
        report_rotation({.steps = planned.planner->steps(), .indices_seen = 2}, actions);
    EXPECT_EQ(report.summary, "would have taken snapshots 1; 2 indices seen");
}

TEST(RotatePlan, KnowsTheNamesThatTheServerResolved) {
    const std::string name = "<a-{now/w{xxxx.ww}}>";
    const Planned planned =
        plan("actions: {1: {action: create_index, options: {name: '" + name + "'}}}\n",
             {},
             {},
             {.names = {{name, "a-2026.48"}}});
    EXPECT_EQ(planned.actions(), Words{"create_index a-2026.48"});
}

TEST(RotatePlan, SparesWriteIndicesAndManagedOnes) {
    std::vector<IndexFacts> indices{
        {.name = "a-000001", .rare = RareFacts{.aliases = {{"a", false}}}},
        {.name = "a-000002", .rare = RareFacts{.aliases = {{"a", true}}}},
        {.name = "managed", .rare = RareFacts{.lifecycle = "p"}},
        {.name = "quiet", .is_hidden = true},
    };
    const std::string text =
        "actions: {1: {action: delete_indices, filters: [{filtertype: pattern, kind: regex, value: "
        "'.'}]}}\n";
    const Planned planned = plan(text, indices);
    EXPECT_EQ(planned.actions(), Words{"delete_index a-000001"});
    EXPECT_EQ(planned.spared(),
              (Words{"quiet: hidden",
                     "managed: lifecycle policy p, and no allow_ilm_indices",
                     "a-000002: the write index of the alias a"}));
    EXPECT_EQ(plan(text, indices, {.allow_write_indices = true}).actions().size(), 2U);
    EXPECT_EQ(plan(text, indices, {.everything = true}).actions().size(), 2U);
}

TEST(RotatePlan, TakesACountBeforeManagedIndicesAreSpared) {
    const Planned planned =
        plan("actions: {1: {action: delete_indices, filters: [{filtertype: count, count: 1}]}}\n",
             {{.name = "a"}, {.name = "b"}, {.name = "c", .rare = RareFacts{.lifecycle = "p"}}});
    EXPECT_EQ(planned.actions(), (Words{"delete_index a", "delete_index b"}));
}

TEST(RotatePlan, SwapsAnAliasAndLeavesWhatIsRight) {
    const std::string text = R"(actions:
  1:
    action: alias
    options: {name: now}
    add: {filters: [{filtertype: pattern, kind: regex, value: 'b|c'}]}
    remove: {filters: [{filtertype: none}]}
)";
    const Planned planned = plan(text,
                                 {{.name = "a", .rare = RareFacts{.aliases = {{"now"}}}},
                                  {.name = "b", .rare = RareFacts{.aliases = {{"now"}}}},
                                  {.name = "c"}});
    EXPECT_EQ(planned.actions(), (Words{"remove_alias a", "add_alias c"}));
    EXPECT_EQ(alias_body(planned.planner->steps()[0], planned.planner->actions()),
              R"({"actions":[{"remove":{"index":"a","alias":"now"}},)"
              R"({"add":{"index":"c","alias":"now"}}]})");
    const Planned right = plan(text,
                               {{.name = "a"},
                                {.name = "b", .rare = RareFacts{.aliases = {{"now"}}}},
                                {.name = "c", .rare = RareFacts{.aliases = {{"now"}}}}});
    EXPECT_EQ(right.state(0), StepState::nothing);
}

TEST(RotatePlan, OfAnAliasOnlyWarnsOfAnEmptyHalfWhenAsked) {
    const auto text = [](const char* warn) {
        return fmt::format(
            "actions: {{1: {{action: alias, options: {{name: x, warn_if_no_indices: {}}}, add: "
            "{{filters: [{{filtertype: none}}]}}, remove: {{filters: [{{filtertype: pattern, kind: "
            "prefix, value: none}}]}}}}}}\n",
            warn);
    };
    EXPECT_EQ(plan(text("false"), two_logs()).state(0), StepState::stopped);
    const Planned warned = plan(text("true"), two_logs());
    EXPECT_EQ(warned.actions().size(), 2U);
    EXPECT_EQ(warned.planner->warnings().size(), 1U);
}

TEST(RotatePlan, RollsOverOnlyWhatIsDueAndHasAWriteIndex) {
    const std::string text =
        "actions: {1: {action: rollover, options: {name: r, conditions: {max_docs: 1}}}, 2: "
        "{action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: r-}]}}\n";
    const StepFacts due{.rollover =
                            RolloverForecast{true, "r-000001", "r-000002", "[max_docs: 1]"}};
    const std::vector<IndexFacts> marked{
        {.name = "r-000001", .rare = RareFacts{.aliases = {{"r", true}}}}};
    const Planned planned = plan(text, marked, {}, due);
    EXPECT_EQ(planned.actions(), (Words{"rollover r", "delete_index r-000001"}));
    EXPECT_EQ(planned.planner->actions()[0].reason, "r-000001 to r-000002: [max_docs: 1]");

    EXPECT_EQ(plan(text, marked, {}, {.rollover = RolloverForecast{}}).state(0),
              StepState::nothing);
    EXPECT_EQ(plan(text, {{.name = "r-000001"}}, {}, due).state(0), StepState::impossible);
    EXPECT_EQ(plan(text,
                   {{.name = "r-1", .rare = RareFacts{.aliases = {{"r"}}}},
                    {.name = "r-2", .rare = RareFacts{.aliases = {{"r"}}}}},
                   {},
                   due)
                  .state(0),
              StepState::impossible);
    EXPECT_EQ(
        plan(text, {{.name = "r-a", .rare = RareFacts{.aliases = {{"r"}}}}}, {}, due).state(0),
        StepState::impossible);
    EXPECT_EQ(
        plan(text, {{.name = "r-01", .rare = RareFacts{.aliases = {{"r"}}}}}, {}, due).state(0),
        StepState::planned);
    EXPECT_EQ(plan(text,
                   {{.name = "r-01", .rare = RareFacts{.lifecycle = "p", .aliases = {{"r"}}}}},
                   {},
                   due)
                  .state(0),
              StepState::nothing);
}

TEST(RotatePlan, GoesOnBehindAnImpossibleActionOnlyWhenAsked) {
    const auto text = [](const char* go_on) {
        return fmt::format(
            "actions: {{1: {{action: create_index, options: {{name: logs-2026.10.01, "
            "continue_if_exception: {}}}}}, 2: {{action: open, filters: [{{filtertype: "
            "none}}]}}}}\n",
            go_on);
    };
    EXPECT_EQ(plan(text("false"), two_logs()).state(1), StepState::not_run);
    EXPECT_EQ(plan(text("true"), two_logs()).state(1), StepState::planned);
    const Planned planned = plan(text("false"), two_logs());
    EXPECT_EQ(report_rotation({.steps = planned.planner->steps()}, ActionList()).outcome,
              Outcome::failed);
}

TEST(RotatePlan, LeavesOutDisabledActions) {
    const Planned planned = plan(
        "actions: {1: {action: open, options: {disable_action: true}, filters: [{filtertype: "
        "none}]}}\n",
        two_logs());
    EXPECT_EQ(planned.state(0), StepState::disabled);
    EXPECT_TRUE(planned.actions().empty());
}

TEST(RotatePlan, MergesNoIndexThatWritesGoTo) {
    const std::string text =
        "actions: {1: {action: forcemerge, options: {max_num_segments: 1}, filters: [{filtertype: "
        "none}]}}\n";
    const std::vector<IndexFacts> indices{
        {.name = "r-000001", .rare = RareFacts{.aliases = {{"r", false}}}},
        {.name = "r-000002", .rare = RareFacts{.aliases = {{"r", true}}}}};
    EXPECT_EQ(plan(text, indices).actions(), Words{"forcemerge r-000001"});
    EXPECT_EQ(plan(text, indices, {.allow_write_indices = true}).actions().size(), 2U);
}

TEST(RotatePlan, SettlesWhatAnEarlierRunLeftOpen) {
    Planned planned = plan("actions: {}\n", two_logs());
    const std::vector<UnsettledAction> open{
        {.id = 1, .kind = "delete_index", .subject = "logs-2026.10.01", .identity = "u1"},
        {.id = 2, .kind = "delete_index", .subject = "logs-2026.10.01", .identity = "earlier"},
        {.id = 3, .kind = "delete_index", .subject = "gone", .identity = "u9"},
        {.id = 4, .kind = "close_index", .subject = "logs-2026.11.24", .identity = "u2"},
    };
    const auto settled = planned.planner->settle(open);
    ASSERT_EQ(settled.size(), 4U);
    EXPECT_FALSE(settled[0].done);
    EXPECT_TRUE(settled[1].done);
    EXPECT_TRUE(settled[2].done);
    EXPECT_FALSE(settled[3].done);
}

TEST(RotatePlan, SettlesEachKindByWhatIsThere) {
    std::vector<IndexFacts> indices{
        {.name = "made", .uuid = "u1"},
        {.name = "roll-1", .uuid = "u2", .rare = RareFacts{.aliases = {{"roll", false}}}},
        {.name = "roll-2", .uuid = "u3", .rare = RareFacts{.aliases = {{"roll", true}}}},
        {.name = "shut", .uuid = "u5", .is_open = false},
        {.name = "single-1", .uuid = "u4", .rare = RareFacts{.aliases = {{"single"}}}},
    };
    RotatePlanner planner({.indices = std::move(indices)}, {}, UnixSeconds());
    planner.go_on_behind({.uid = "lost", .begun = 0, .name = "roll", .planned = 1});
    const std::vector<SnapshotLook> looks{{.subject = "r/good", .state = "SUCCESS", .uuid = "s1"},
                                          {.subject = "r/part", .state = "PARTIAL", .uuid = "s2"},
                                          {.subject = "r/runs", .state = "IN_PROGRESS"},
                                          {.subject = "r/gone"}};

    struct Row {
        UnsettledAction action{};
        std::optional<bool> done{};
    };

    const std::vector<Row> rows{
        {{.kind = "create_index", .subject = "made"}, true},
        {{.kind = "create_index", .subject = "other"}, false},
        {{.kind = "restore_index", .subject = "made"}, true},
        {{.kind = "restore_index", .subject = "shut"}, false},  // a closed one is restored over
        {{.kind = "rollover", .subject = "roll", .identity = "u2"}, true},
        {{.kind = "rollover", .subject = "roll", .identity = "u3"}, false},
        {{.kind = "rollover", .subject = "single", .identity = "u4"}, false},
        {{.kind = "rollover", .subject = "none", .identity = "u4"}, std::nullopt},
        {{.kind = "snapshot", .subject = "r/good"}, true},
        {{.kind = "snapshot", .subject = "r/part"}, false},
        {{.kind = "snapshot", .subject = "r/gone"}, false},
        {{.kind = "snapshot", .subject = "r/runs"}, std::nullopt},  // it may still become one
        {{.kind = "snapshot", .subject = "x/unknown"}, std::nullopt},
        {{.kind = "delete_snapshot", .subject = "r/gone", .identity = "s1"}, true},
        {{.kind = "delete_snapshot", .subject = "r/good", .identity = "s1"}, false},
        {{.kind = "delete_snapshot", .subject = "r/good", .identity = "s0"}, true},
        {{.kind = "add_alias", .subject = "roll-1", .identity = "u2", .run = "lost"}, true},
        {{.kind = "add_alias", .subject = "made", .identity = "u1", .run = "lost"}, false},
        {{.kind = "remove_alias", .subject = "made", .identity = "u1", .run = "lost"}, true},
        {{.kind = "remove_alias", .subject = "made", .identity = "u1", .run = "x"}, std::nullopt},
        {{.kind = "forcemerge", .subject = "made", .identity = "u1"}, std::nullopt},
    };
    for (const Row& row : rows) {
        const auto settled = planner.settle(std::vector{row.action}, looks);
        std::optional<bool> done;
        if (!settled.empty()) {
            done = settled.front().done;
        }
        EXPECT_EQ(done, row.done) << row.action.kind << " " << row.action.subject << " "
                                  << row.action.identity;
    }
}

StepState resumed_state(const std::string& step,
                        StoppedRun stopped,
                        const std::vector<UnsettledAction>& open = {}) {
    const std::deque<ActionSpec> specs = read(fmt::format("actions: {{1: {{{}}}}}\n", step));
    StepFacts facts;
    facts.rollover = RolloverForecast{.is_due = true, .old_index = "r-1", .new_index = "r-2"};
    RotatePlanner planner(
        {.indices = {{.name = "made", .uuid = "u1"},
                     {.name = "r-1", .uuid = "u2", .rare = RareFacts{.aliases = {{"r", true}}}}}},
        {},
        UnixSeconds());
    planner.go_on_behind(std::move(stopped));
    (void)planner.settle(open);
    planner.add(specs.front(), facts);
    return planner.steps().front().state;
}

TEST(RotatePlan, DoesNotRepeatWhatAStoppedRunHasFinished) {
    const StoppedRun finished{.uid = "lost", .is_recent = true, .finished = {0}};
    StoppedRun old = finished;
    old.is_recent = false;
    const std::string roll = "action: rollover, options: {name: r, conditions: {}}";
    EXPECT_EQ(resumed_state(roll, finished), StepState::done_before);
    EXPECT_EQ(resumed_state(roll, {}), StepState::planned);
    EXPECT_EQ(resumed_state(roll, old), StepState::planned);  // the next period's
    const std::string take =
        "action: snapshot, options: {repository: b}, filters: [{filtertype: none}]";
    EXPECT_EQ(resumed_state(take, finished), StepState::done_before);
    EXPECT_EQ(resumed_state(take, old), StepState::planned);
    const auto create = [](const char* name) {
        return fmt::format("action: create_index, options: {{name: {}}}", name);
    };
    EXPECT_EQ(resumed_state(create("made"), finished), StepState::done_before);
    EXPECT_EQ(resumed_state(create("made"), old), StepState::done_before);
    EXPECT_EQ(resumed_state(create("made"), {}), StepState::impossible);
    EXPECT_EQ(resumed_state(create("next"), finished), StepState::planned);  // another day's name
    const std::string close = "action: close, filters: [{filtertype: none}]";
    EXPECT_EQ(resumed_state(close, finished), StepState::planned);
}

TEST(RotatePlan, DoesNotRepeatWhatAStoppedRunWasInTheMiddleOf) {
    StoppedRun begun{
        .uid = "lost", .is_recent = true, .begun = 0, .planned = 1, .done = {"rollover r"}};
    const std::string roll = "action: rollover, options: {name: r, conditions: {}}";
    EXPECT_EQ(resumed_state(roll, begun), StepState::done_before);
    begun.done.clear();
    EXPECT_EQ(resumed_state(roll, begun), StepState::planned);
    const auto open = [](const char* uuid, const char* run) {
        return std::vector<UnsettledAction>{
            {.id = 1, .kind = "rollover", .subject = "r", .identity = uuid, .run = run}};
    };
    EXPECT_EQ(resumed_state(roll, begun, open("u1", "lost")), StepState::done_before);
    EXPECT_EQ(resumed_state(roll, begun, open("u2", "lost")), StepState::planned);
    EXPECT_EQ(resumed_state(roll, begun, open("u1", "another")), StepState::planned);
}

TEST(NameChunks, HoldWhatFitsIntoARequestLine) {
    ActionList list;
    for (const char* name : {"aa", "bb", "c+", "dddddddddddd"}) {
        list.push_back({.kind = "delete_index", .subject = name});
    }
    const std::vector<std::size_t> all{0, 1, 2, 3};
    const auto chunks = chunk_names(list, all, 9);
    ASSERT_EQ(chunks.size(), 3U);
    EXPECT_EQ(chunks[0].names, "aa,bb");
    EXPECT_EQ(chunks[1].names, "c%2B");
    EXPECT_EQ(chunks[2].names, "dddddddddddd");  // one name alone always goes
    EXPECT_EQ(chunk_names(list, all, 10)[0].names, "aa,bb,c%2B");
    EXPECT_TRUE(chunk_names(list, {}, 10).empty());
}

TEST(ChangeRequests, GoByTheVersionOfTheServer) {
    const auto urls = [](const std::string& action, SearchFamily family, EngineVersion version) {
        const std::deque<ActionSpec> specs =
            read(fmt::format("actions: {{1: {{action: {}, filters: []}}}}\n", action));
        std::string all;
        for (const ChangeRequest& change :
             change_requests(specs.front(), "a,b", {.family = family, .version = version})) {
            all += fmt::format("{} {};", to_string(change.request.method), change.request.url);
        }
        return all;
    };
    const auto elastic = SearchFamily::elasticsearch;
    EXPECT_EQ(urls("delete_indices", elastic, {9, 2, 0}), "DELETE /a,b?master_timeout=30s;");
    EXPECT_EQ(urls("close", elastic, {7, 17, 0}),
              "POST /a,b/_flush?force=true&ignore_unavailable=true;"
              "POST /a,b/_close?ignore_unavailable=true;");
    EXPECT_EQ(urls("forcemerge, options: {max_num_segments: 1}", elastic, {1, 7, 6}),
              "POST /a,b/_optimize?max_num_segments=1;");
    EXPECT_EQ(
        urls("forcemerge, options: {max_num_segments: 1}", SearchFamily::opensearch, {1, 0, 0}),
        "POST /a,b/_forcemerge?max_num_segments=1;");
    EXPECT_THROW(urls("freeze", SearchFamily::opensearch, {2, 19, 3}), UsageError);
    EXPECT_EQ(urls("freeze", elastic, {7, 17, 0}), "POST /a,b/_freeze;");
    const std::deque<ActionSpec> clears =
        read("actions: {1: {action: allocation, options: {key: box, value: }, filters: []}}\n");
    const auto body = [&](EngineVersion version) {
        return change_requests(clears.front(), "a", {.family = elastic, .version = version})
            .front()
            .request.body;
    };
    EXPECT_EQ(body({2, 4, 6}), R"({"index.routing.allocation.require.box":""})");
    EXPECT_EQ(body({5, 0, 0}), R"({"index.routing.allocation.require.box":null})");
}

TEST(RotatePlan, StrictlyFailsAnActionForADateThatIsNone) {
    const std::vector<IndexFacts> indices{{.name = "logs-2020.13.45"}, {.name = "logs-2020.10.01"}};
    for (const bool goes_on : {false, true}) {
        const std::string file = fmt::format(
            "actions:\n  1:\n    action: delete_indices\n    options: {{continue_if_exception: "
            "{}}}{}"
            "  2: {{action: close, filters: [{{filtertype: none}}]}}\n",
            goes_on,
            old_logs);
        EXPECT_EQ(plan(file, indices).actions(),
                  (Words{"delete_index logs-2020.10.01", "close_index logs-2020.13.45"}));
        const Planned strict = plan(file, indices, {.strict = true});
        EXPECT_EQ(strict.state(0), StepState::impossible);
        EXPECT_EQ(strict.planner->steps()[0].note,
                  "--strict is given, and logs-2020.13.45: '2020.13.45' in its name is no date");
        EXPECT_EQ(strict.state(1), goes_on ? StepState::planned : StepState::not_run);
    }
}

TEST(RotatePlan, StrictlyLooksAtNoIndexThatAFilterBeforeHasLeftOut) {
    const Planned strict =
        plan(fmt::format("actions:\n  1:\n    action: delete_indices{}", old_logs),
             {{.name = "other-2020.13.45"}, {.name = "logs-2020.10.01"}},
             {.strict = true});
    EXPECT_EQ(strict.actions(), Words{"delete_index logs-2020.10.01"});
}

TEST(RotatePlan, StrictlyFailsAnActionForASnapshotWhoseDateIsNone) {
    StepFacts facts;
    facts.snapshots.snapshots = {
        {.name = "s-2020.13.45", .rare = RareFacts{.snapshot_state = "SUCCESS"}}};
    const Planned strict = plan(
        "actions: {1: {action: delete_snapshots, options: {repository: r}, filters: [{filtertype: "
        "age, source: name, direction: older, timestring: '%Y.%m.%d', unit: days, unit_count: "
        "1}]}}\n",
        {},
        {.strict = true},
        facts);
    EXPECT_EQ(strict.state(0), StepState::impossible);
}

}  // namespace
}  // namespace caretaker
