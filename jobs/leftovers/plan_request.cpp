// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_request.hpp"

#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/text_file.hpp"
#include "common/options/command_options.hpp"
#include "common/text/number.hpp"
#include "jobs/leftovers/addition_report.hpp"
#include "jobs/leftovers/plan_report.hpp"
#include "jobs/leftovers/removal_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::string_view heading = "Plan";
constexpr std::string_view kind_prefix = "class:";
constexpr std::int64_t most_judged = 2'000'000;  // losses, for --remove-ok

std::string read_plan_file(const std::string& path) {
    constexpr std::size_t largest = 64U << 20U;
    TextFile file = read_text_file(path, largest);
    if (!file.error.empty()) {
        throw UsageError(fmt::format("--plan: {}: {}; check its path", path, file.error));
    }
    return std::move(file.text);
}

std::string read_policy(const std::string& word, PlacingPolicy& policy) {
    for (const PlacingPolicy known : all_plan_policies) {
        if (word == to_string(known)) {
            policy = known;
        }
    }
    return {};
}

std::vector<std::string> policy_words() {
    std::vector<std::string> words;
    for (const PlacingPolicy policy : all_plan_policies) {
        words.emplace_back(to_string(policy));
    }
    return words;
}

bool names_kinds(const std::string& text) {
    return text == "auto" || text.starts_with(kind_prefix);
}

/// A template as it is written, or those of the kinds of agents that are there.
std::vector<std::pair<std::string, AgentTemplate>> templates_of(const std::string& text,
                                                                const Cluster& cluster) {
    if (!names_kinds(text)) {
        return {{text, parse_agent_template(text)}};
    }
    auto classes = agent_classes(cluster);
    if (text == "auto") {
        return classes;
    }
    const auto wanted = std::ranges::find(classes, text, [](const auto& one) { return one.first; });
    if (wanted == classes.end()) {
        throw UsageError(
            fmt::format("--add: there is no {}, of the {} kinds of agents", text, classes.size()));
    }
    return {*wanted};
}

}  // namespace

void PlanRequest::describe(CommandOptions& command) {
    command.add("--plan",
                paths_,
                "Whether what a file of JSON plans can be placed, and where; repeatable",
                {.type = "FILE", .group = heading});
    command.add_reader(
        "--policy",
        [this](const std::string& word) { return read_policy(word, rules_.policy); },
        "How the placing that is shown is made (default best-fit-decreasing); the verdict does "
        "not depend on it",
        {.type = "POLICY", .group = heading, .choices = policy_words()});
    command.add("--trials",
                rules_.trials,
                "Also how often Marathon would place the plan by itself, in so many tries "
                "(default 0)",
                {.type = "N", .group = heading, .check = [](const std::string& text) {
                     return check_whole_number(text, 0, 10'000);
                 }});
    command.add("--seed",
                seed_,
                "Of what is drawn by lot (default 1)",
                {.type = "N", .group = heading, .check = [](const std::string& text) {
                     return check_whole_number(text, 0, 1'000'000'000);
                 }});
    describe_additions(command);
}

void PlanRequest::describe_additions(CommandOptions& command) {
    command.add("--add",
                templates_,
                "How many agents have to be added: cpus=16,mem=65536,ports=1001,rack=r9, the kind "
                "class:N that is there, or auto for all of those; repeatable",
                {.type = "TEMPLATE", .group = heading});
    command.add_reader(
        "--for",
        [this](const std::string& text) {
            goal_ = parse_addition_goal(text);
            return goal_ ? std::string()
                         : fmt::format("'{}' is no goal; write plan, n1 or fits:/app=5", text);
        },
        "With --add: until the plan can be placed (plan, the default with --plan), any agent may "
        "be lost (n1), or so many more of an app fit",
        {.type = "plan|n1|fits:APP=N", .group = heading});
    command.add_flag("--remove-ok",
                     is_removal_asked_,
                     "Which agents could be given back, with everything that runs as safe as it is",
                     {.group = heading});
    command.add("--compact",
                compactions_,
                "How few agents could hold what runs, packed anew in so many trials in which they "
                "go in an order by lot",
                {.type = "TRIALS", .group = heading, .check = [](const std::string& text) {
                     return check_whole_number(text, 1, 1'000);
                 }});
}

void PlanRequest::configure() {
    rules_.seed = static_cast<std::uint64_t>(seed_);
    for (const std::string& text : templates_) {
        if (!names_kinds(text)) {
            parse_agent_template(text);
        }
    }
    if (goal_ && templates_.empty()) {
        throw UsageError("--for is what --add is for; name a template by --add");
    }
    if (goal_ && goal_->kind == AdditionGoal::Kind::plan && paths_.empty()) {
        throw UsageError("--for plan: there is no plan; name one by --plan");
    }
    for (const std::string& path : paths_) {
        add_plan(read_plan_file(path), "--plan " + path, plan_);
    }
}

AdditionGoal PlanRequest::goal() const {
    return goal_.value_or(
        AdditionGoal{.kind = paths_.empty() ? AdditionGoal::Kind::n1 : AdditionGoal::Kind::plan});
}

void PlanRequest::answer(const ClusterFacts& facts, const StopSignal& stop, Report& report) const {
    if (!paths_.empty()) {
        JudgedPlan plan{.name = fmt::format("{}", fmt::join(paths_, " ")),
                        .scene = apply_plan(facts, plan_)};
        plan.result = judge_plan(plan.scene, rules_);
        plan.restarted_alike = judge_rolling(plan.scene.facts, plan.scene.restarted_alike);
        report_plan(plan, report);
    }
    if (!templates_.empty()) {
        const AdditionQuestion question{
            .facts = facts, .plan = plan_, .rules = rules_, .goal = goal()};
        std::vector<AgentAddition> additions;
        for (const std::string& text : templates_) {
            for (const auto& [name, agents] : templates_of(text, facts.cluster)) {
                additions.push_back(find_addition(question, name, agents));
            }
        }
        report_additions(additions, report);
    }
    if (is_removal_asked_) {
        report_removals(facts, find_removals(facts, most_judged), report);
    }
    if (compactions_ > 0) {
        report_compaction(compact(facts, compactions_, rules_.seed, [&] { stop.check(); }), report);
    }
}

}  // namespace caretaker
