// SPDX-License-Identifier: Apache-2.0
// Steps that make indices out of others: what is planned, and what is refused.
#include "jobs/rotate/rotate_plan.hpp"
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

ActionFile read_file(const std::string& text) {
    return read_action_file(
        text, "f.yml", [](std::string_view) -> std::optional<std::string> { return std::nullopt; });
}

struct Planned {
    std::deque<ActionSpec> specs{};
    std::optional<RotatePlanner> planner{};

    [[nodiscard]] Words actions() const {
        Words words;
        for (const Action& action : planner->actions()) {
            words.push_back(fmt::format("{} {} ({})", action.kind, action.subject, action.reason));
        }
        return words;
    }

    [[nodiscard]] Words failed() const {
        Words words;
        for (const SparedIndex& index : planner->spared()) {
            if (index.failed) {
                words.push_back(fmt::format("{}: {}", index.name, index.reason));
            }
        }
        return words;
    }

    [[nodiscard]] const RotateStep& step() const { return planner->steps().at(0); }
};

Planned plan(const std::string& text,
             std::vector<IndexFacts> indices,
             const StepFacts& facts = {},
             const std::vector<UnsettledAction>& unsettled = {}) {
    Planned planned;
    ActionFile file = read_file(text);
    EXPECT_EQ(format_problems(file.problems), format_problems({}));
    planned.specs = {file.actions.begin(), file.actions.end()};
    planned.planner.emplace(IndexList{.indices = std::move(indices)},
                            PlanPolicy{},
                            parse_whole_date("2026.11.25", "%Y.%m.%d").value());
    (void)planned.planner->settle(unsettled);
    for (const ActionSpec& spec : planned.specs) {
        planned.planner->add(spec, facts);
    }
    return planned;
}

std::string complaint(const std::string& text) {
    const ActionFile file = read_file(text);
    return file.problems.empty() ? std::string() : file.problems.front().message;
}

SnapshotList two_snapshots() {
    return {.snapshots =
                {{.name = "new", .created_ms = 20, .rare = RareFacts{.snapshot_state = "PARTIAL"}},
                 {.name = "old", .created_ms = 10, .rare = RareFacts{.snapshot_state = "SUCCESS"}}},
            .contents = {{.indices = {"a", "b"}}, {.indices = {"a"}}}};
}

std::string restore(const std::string& options) {
    return fmt::format(
        "actions: {{1: {{action: restore, options: {{repository: r{}}}, filters: [{{filtertype: "
        "none}}]}}}}\n",
        options);
}

TEST(RestoreStep, TakesTheMostRecentOfTheFilteredOnes) {
    const StepFacts facts{.snapshots = two_snapshots()};
    const Planned planned = plan(restore(", partial: true"), {}, facts);
    EXPECT_EQ(planned.actions(),
              (Words{"restore_index a (from r/new)", "restore_index b (from r/new)"}));
    EXPECT_FALSE(planned.planner->actions()[0].destructive);
    EXPECT_EQ(plan(restore(""), {}, facts).step().note,
              "the snapshot new is PARTIAL, and no partial: true");
    EXPECT_EQ(plan(restore(", name: old"), {}, facts).actions(),
              Words{"restore_index a (from r/old)"});
    EXPECT_EQ(plan(restore(", name: none"), {}, facts).step().state, StepState::impossible);
    EXPECT_EQ(plan(restore(""), {}, {}).step().state, StepState::stopped);
}

TEST(RestoreStep, OverwritesNoOpenIndexAndSaysWhichClosedOne) {
    const StepFacts facts{.snapshots = two_snapshots()};
    const Planned open = plan(restore(", name: old"), {{.name = "a"}}, facts);
    EXPECT_EQ(open.step().state, StepState::impossible);
    EXPECT_NE(open.step().note.find("open index a"), std::string::npos);
    EXPECT_EQ(plan(restore(", name: old"), {{.name = "a", .is_open = false}}, facts).actions(),
              Words{"restore_index a (from r/old, over the closed index)"});
    EXPECT_EQ(plan(restore(", name: old, rename_pattern: a, rename_replacement: c"),
                   {{.name = "a"}},
                   facts)
                  .actions(),
              Words{"restore_index c (from r/old of a)"});
}

std::string shrink(const std::string& options, const std::string& node = "n1") {
    return fmt::format(
        "actions: {{1: {{action: shrink, options: {{shrink_node: {}{}}}, filters: [{{filtertype: "
        "none}}]}}}}\n",
        node,
        options);
}

StepFacts three_nodes() {
    return {.nodes = {{.name = "m", .roles = {"master"}, .available_bytes = 1 << 30},
                      {.name = "n1", .roles = {"data"}, .available_bytes = 1 << 20},
                      {.name = "n2", .roles = {"data_hot"}, .available_bytes = 1 << 24}}};
}

TEST(ShrinkStep, PlansWhatCanBeShrunkAndNamesTheRest) {
    const std::vector<IndexFacts> indices{
        {.name = "big", .shards = 4, .docs = 1, .primary_bytes = 1 << 22},
        {.name = "closed", .is_open = false, .shards = 4},
        {.name = "fits", .uuid = "u", .shards = 4, .docs = 1, .primary_bytes = 1000},
        {.name = "odd", .shards = 3, .docs = 1, .primary_bytes = 1000},
        {.name = "taken", .shards = 4, .docs = 1, .primary_bytes = 1000},
        {.name = "taken-shrink", .shards = 1},
        {.name = "thin", .shards = 2, .docs = 1, .primary_bytes = 1000},
    };
    const Planned planned = plan(shrink(", number_of_shards: 2"), indices, three_nodes());
    EXPECT_EQ(planned.actions(),
              Words{"shrink fits (4 shards to 2, as fits-shrink by way of the node n1: no filter "
                    "leaves it out)"});
    EXPECT_EQ(planned.failed(),
              (Words{"big: the node n1 has 1.0 MiB free, and 8.0 MiB are needed",
                     "odd: its 3 shards cannot be shared out among 2",
                     "taken: there is an index taken-shrink already"}));
    EXPECT_TRUE(planned.step().has_failed);
    EXPECT_EQ(planned.planner->actions()[0].identity, "u");
    const Report report =
        report_rotation({.steps = planned.planner->steps(), .spared = planned.planner->spared()},
                        planned.planner->actions());
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_NE(report.problems[0].message.find("big: the node n1"), std::string::npos);
    EXPECT_NE(report.problems[0].message.find("and 2 more"), std::string::npos);
}

TEST(ShrinkStep, ChoosesTheNodeWithTheMostRoomThatQualifies) {
    const std::vector<IndexFacts> one{{.name = "a", .shards = 2, .docs = 1, .primary_bytes = 1}};
    const auto node = [&](const std::string& text, const StepFacts& facts) {
        const Planned planned = plan(text, one, facts);
        return planned.step().shrinks.empty() ? planned.step().note
                                              : planned.step().shrinks[0].node;
    };
    EXPECT_EQ(node(shrink("", "DETERMINISTIC"), three_nodes()), "n2");
    EXPECT_EQ(node(shrink(", node_filters: {exclude_nodes: [n2]}", "DETERMINISTIC"), three_nodes()),
              "n1");
    EXPECT_EQ(node(shrink("", "m"), three_nodes()), "the node m does not do: it holds no data");
    EXPECT_EQ(node(shrink("", "x"), three_nodes()), "there is no node x");
    StepFacts all_roles{.nodes = {{.name = "n", .roles = {"data", "cluster_manager"}}}};
    EXPECT_NE(node(shrink("", "n"), all_roles).find("permit_masters"), std::string::npos);
    EXPECT_EQ(node(shrink(", node_filters: {permit_masters: true}", "n"), all_roles), "n");
    EXPECT_NE(node(shrink("", "DETERMINISTIC"), {}).find("no node"), std::string::npos);
}

TEST(ShrinkStep, ReckonsWithTheRoomThatTheOnesBeforeTake) {
    constexpr std::int64_t mib = 1 << 20;
    const std::vector<IndexFacts> indices{
        {.name = "a", .shards = 2, .docs = 1, .primary_bytes = 2 * mib},
        {.name = "b", .shards = 2, .docs = 1, .primary_bytes = 2 * mib},
        {.name = "c", .shards = 2, .docs = 1, .primary_bytes = 2 * mib},
        {.name = "d", .shards = 2, .docs = 1, .primary_bytes = 2 * mib},
        {.name = "small", .shards = 2, .docs = 1, .primary_bytes = 1},
    };
    const StepFacts nodes{.nodes = {{.name = "n1", .roles = {"data"}, .available_bytes = 6 * mib},
                                    {.name = "n2", .roles = {"data"}, .available_bytes = 9 * mib},
                                    {.name = "n3", .roles = {"data"}}}};
    const auto places = [&](const std::string& more, const char* node) {
        const Planned planned = plan(shrink(more, node), indices, nodes);
        std::string text;
        for (const ShrinkItem& item : planned.step().shrinks) {
            text += fmt::format("{} {};", item.target, item.node);
        }
        return text;
    };
    const std::string kept = ", delete_after: false";
    EXPECT_EQ(places(kept, "DETERMINISTIC"),
              "a-shrink n2;b-shrink n1;c-shrink n2;small-shrink n1;");
    EXPECT_EQ(places("", "DETERMINISTIC"),
              "a-shrink n2;b-shrink n2;c-shrink n1;d-shrink n2;small-shrink n1;");
    EXPECT_EQ(places(kept, "n2"), "a-shrink n2;b-shrink n2;small-shrink n2;");
    EXPECT_EQ(places(kept, "n3"),  // of unknown room
              "a-shrink n3;b-shrink n3;c-shrink n3;d-shrink n3;small-shrink n3;");
}

TEST(ShrinkStep, GoesOnWhereAnEarlierRunWasStopped) {
    const std::vector<IndexFacts> indices{
        {.name = "a",
         .uuid = "u",
         .shards = 2,
         .docs = 1,
         .primary_bytes = 1,
         .rare = RareFacts{.allocation = {{"require._name", "n1"}}}},
        {.name = "a-shrink", .shards = 1}};
    const Planned stopped = plan(shrink(""),
                                 indices,
                                 three_nodes(),
                                 {{.id = 1, .kind = "shrink", .subject = "a", .identity = "u"}});
    ASSERT_EQ(stopped.step().shrinks.size(), 1U);
    EXPECT_TRUE(stopped.step().shrinks[0].may_resume);
    EXPECT_EQ(stopped.step().shrinks[0].former_requirement, "");
    const Planned another =
        plan(shrink(""),
             indices,
             three_nodes(),
             {{.id = 1, .kind = "shrink", .subject = "a", .identity = "of an earlier index"}});
    EXPECT_EQ(another.step().state, StepState::impossible);
}

TEST(ShrinkStep, WritesItsBody) {
    const Planned planned =
        plan(shrink(", number_of_replicas: 0, extra_settings: {settings: {index.codec: "
                    "best_compression}, aliases: {x: {}}}"),
             {{.name = "a", .shards = 2, .docs = 1, .primary_bytes = 1}},
             three_nodes());
    EXPECT_EQ(shrink_body(planned.specs[0].options),
              R"({"settings":{"index.number_of_shards":1,"index.number_of_replicas":0,)"
              R"("index.routing.allocation.require._name":null,"index.blocks.write":null,)"
              R"("index.codec":"best_compression"},"aliases":{"x":{}}})");
}

std::string reindex(const std::string& body, const std::string& more = {}) {
    return fmt::format(
        "actions: {{1: {{action: reindex, options: {{request_body: {}{}}}, filters: [{{filtertype: "
        "pattern, kind: prefix, value: a}}]}}}}\n",
        body,
        more);
}

TEST(ReindexStep, MakesOneRequestOrOneForEachIndex) {
    const std::vector<IndexFacts> indices{{.name = "a1"}, {.name = "a2"}, {.name = "b"}};
    EXPECT_EQ(plan(reindex("{source: {index: REINDEX_SELECTION}, dest: {index: all}}"), indices)
                  .actions(),
              Words{"reindex all (from 2 indices)"});
    EXPECT_EQ(plan(reindex("{source: {index: REINDEX_SELECTION}, dest: {index: MIGRATION}}",
                           ", migration_prefix: p-, migration_suffix: -s"),
                   indices)
                  .actions(),
              (Words{"reindex p-a1-s (from a1)", "reindex p-a2-s (from a2)"}));
    EXPECT_EQ(plan(reindex("{source: {index: [x, y]}, dest: {index: z}}"), indices).actions(),
              Words{"reindex z (from 2 indices)"});
    EXPECT_EQ(plan(reindex("{source: {index: x}, dest: {index: z}}"), {{.name = "b"}}).step().state,
              StepState::stopped);
    EXPECT_EQ(
        plan(reindex("{source: {index: REINDEX_SELECTION}, dest: {index: a1}}"), indices).failed(),
        Words{"a1: it would be copied onto itself"});
}

TEST(ReindexStep, ChoosesFromAnotherClusterByRemoteFilters) {
    const std::string body =
        "{source: {remote: {host: 'http://other:9200'}, index: REINDEX_SELECTION}, dest: {index: "
        "MIGRATION}}";
    const StepFacts facts{
        .remote_indices = {
            .indices = {{.name = "r1"}, {.name = "s1", .rare = RareFacts{.lifecycle = "p"}}}}};
    EXPECT_EQ(plan(reindex(body, ", remote_filters: [{filtertype: none}]"), {}, facts).actions(),
              (Words{"reindex r1 (from r1 of another cluster)",
                     "reindex s1 (from s1 of another cluster)"}));
    EXPECT_EQ(
        plan(reindex(body, ", remote_filters: [{filtertype: pattern, kind: prefix, value: r}]"),
             {},
             facts)
            .actions()
            .size(),
        1U);
    EXPECT_EQ(plan(reindex(body), {}, facts).step().state, StepState::stopped);
}

TEST(ReindexStep, IsCheckedBeforeAnyRequest) {
    const auto of = [](const std::string& body, const std::string& more = {}) {
        return complaint(reindex(body, more));
    };
    EXPECT_EQ(of("{source: {index: a}, dest: {index: b}}"), "");
    EXPECT_EQ(of("{source: {index: a}}"), "request_body needs the key 'dest'");
    EXPECT_EQ(of("{source: {index: a}, dest: {index: b}, sourc: 1}"),
              "request_body does not know the key 'sourc'; did you mean 'source'?");
    EXPECT_EQ(of("{source: {index: a, remot: {}}, dest: {index: b}}"),
              "source does not know the key 'remot'; did you mean 'remote'?");
    EXPECT_EQ(of("{source: {index: 7}, dest: {index: b}}"),
              "index takes a text or a list of texts, not '7'; put it between quotes");
    EXPECT_EQ(of("{source: {index: a, remote: {host: other}}, dest: {index: b}}"),
              "'other' is no address; write https://host:9200");
    EXPECT_NE(of("{source: {index: REINDEX_SELECTION}, dest: {index: MIGRATION}}")
                  .find("migration_prefix"),
              std::string::npos);
    EXPECT_NE(of("{source: {index: a}, dest: {index: b}}", ", remote_aws_key: x").find("AWS"),
              std::string::npos);
    EXPECT_NE(of("{source: {index: a}, dest: {index: b}}", ", remote_filters: [{filtertype: x}]"),
              "");
    EXPECT_NE(of("{source: {index: a}, dest: {index: b}}", ", remote_filters: {}"), "");
}

TEST(ReindexStep, SpeaksToEachVersionInItsWords) {
    const Planned planned = plan(
        reindex("{source: {index: REINDEX_SELECTION, size: 500}, dest: {index: b}, max_docs: 9}",
                ", slices: 3"),
        {{.name = "a1"}});
    const CheckedOptions& options = planned.specs[0].options;
    const ReindexItem& item = planned.step().reindexes.at(0);
    const SearchEngine newer{.version = {8, 6, 2}};
    const SearchEngine older{.version = {6, 8, 23}};
    const SearchEngine oldest{.version = {2, 4, 6}};
    EXPECT_EQ(reindex_body(*options.find("request_body"), item, newer),
              R"({"source":{"index":["a1"],"size":500},"dest":{"index":"b"},"max_docs":9})");
    EXPECT_EQ(reindex_body(*options.find("request_body"), item, older),
              R"({"source":{"index":["a1"],"size":500},"dest":{"index":"b"},"size":9})");
    EXPECT_EQ(reindex_parameters(options, newer, false),
              "?refresh=true&wait_for_completion=false&timeout=60s&requests_per_second=-1&slices=3"
              "&wait_for_active_shards=1");
    EXPECT_EQ(reindex_parameters(options, oldest, true),
              "?refresh=true&wait_for_completion=true&timeout=60s");
}

constexpr const char* freeze =
    "actions: {1: {action: cold2frozen, filters: [{filtertype: none}]}}\n";

TEST(ColdToFrozenStep, MountsInPartWhatIsMountedWhole) {
    const StepFacts facts{
        .nodes = {{.name = "f", .roles = {"data_frozen"}}},
        .mounted = {{.index = "cold", .repository = "r", .snapshot = "s", .source = "logs"},
                    {.index = "half",
                     .repository = "r",
                     .snapshot = "s",
                     .source = "logs",
                     .is_partial = true}}};
    const Planned planned =
        plan(freeze, {{.name = "cold", .uuid = "u"}, {.name = "half"}, {.name = "plain"}}, facts);
    EXPECT_EQ(planned.actions(),
              Words{"cold2frozen cold (as partial-cold from r/s: no filter leaves it out)"});
    EXPECT_EQ(
        planned.failed(),
        (Words{"half: it is mounted in part already", "plain: it is not mounted from a snapshot"}));
    EXPECT_EQ(
        mount_body(planned.specs[0].options, planned.step().mounts.at(0), planned.step().tiers),
        R"({"index":"logs","renamed_index":"partial-cold",)"
        R"("ignore_index_settings":["index.refresh_interval"],)"
        R"("index_settings":{"routing.allocation.include._tier_preference":"data_frozen"}})");
}

TEST(ColdToFrozenStep, GoesOnBehindAMountOfAnEarlierRun) {
    StepFacts facts{
        .mounted = {{.index = "cold", .repository = "r", .snapshot = "s", .source = "logs"},
                    {.index = "partial-cold",
                     .repository = "r",
                     .snapshot = "s",
                     .source = "logs",
                     .is_partial = true}}};
    const std::vector<IndexFacts> indices{{.name = "cold"}, {.name = "partial-cold"}};
    const std::string only_cold =
        "actions: {1: {action: cold2frozen, filters: [{filtertype: pattern, kind: prefix, value: "
        "cold}]}}\n";
    const Planned planned = plan(only_cold, indices, facts);
    ASSERT_EQ(planned.step().mounts.size(), 1U);
    EXPECT_TRUE(planned.step().mounts[0].is_there);
    facts.mounted[1].snapshot = "another";
    EXPECT_EQ(plan(only_cold, indices, facts).failed(),
              Words{"cold: there is an index partial-cold already"});
}

TEST(ColdToFrozenStep, PrefersTheColdestTierThatIsThere) {
    const auto tiers = [](std::vector<std::string> roles) {
        const std::vector<ClusterNode> nodes{{.name = "n", .roles = std::move(roles)}};
        return frozen_tiers(nodes);
    };
    EXPECT_EQ(tiers({"data_frozen", "data_cold"}), "data_frozen");
    EXPECT_EQ(tiers({"data_hot", "data_cold"}), "data_cold,data_hot");
    EXPECT_EQ(tiers({"data_content"}), "data_content");
    EXPECT_EQ(frozen_tiers({}), "data_content");
}

}  // namespace
}  // namespace caretaker
