// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_check_constraints_model.hpp"

#include "common/text/regex.hpp"
#include "jobs/leftovers/app_needs_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

namespace caretaker {

namespace {

std::int64_t number_of(const MarathonConstraint& constraint) {
    const std::string text = constraint.value.value_or("0");
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

class ConstraintChecker {
 public:
    explicit ConstraintChecker(const ClusterFacts& facts)
        : facts_(facts), cluster_(facts.cluster) {}

    [[nodiscard]] std::optional<std::string> find_broken(
        std::uint32_t index, std::span<const PlacedInstance> placed) const {
        const MarathonApp& app = facts_.workload.apps.at(index);
        if (app.constraints.empty()) {
            return std::nullopt;
        }
        std::vector<std::uint32_t> agents = running_on(app);
        for (const PlacedInstance& instance : placed) {
            if (instance.app != index) {
                continue;
            }
            for (const MarathonConstraint& constraint : app.constraints) {
                if (!accepts(constraint, agents, instance.agent)) {
                    return fmt::format("{} on {} breaks {} {} {}",
                                       app.id,
                                       cluster_.agents.at(instance.agent).hostname,
                                       constraint.field,
                                       constraint.op,
                                       constraint.value.value_or(""));
                }
            }
            agents.push_back(instance.agent);
        }
        return std::nullopt;
    }

 private:
    [[nodiscard]] std::optional<std::string> field_of(std::uint32_t agent,
                                                      const std::string& field) const {
        const AgentRow& row = cluster_.agents[agent];
        if (field == "hostname" || field == "@hostname") {
            return row.hostname;
        }
        if (field == "@region" || field == "@zone") {
            const std::string& name =
                cluster_.attribute_values.name(field == "@region" ? row.region : row.zone);
            return name.empty() ? std::nullopt : std::optional(name);
        }
        const std::string* value = cluster_.attribute(row, field);
        return value == nullptr ? std::nullopt : std::optional(*value);
    }

    /// Agents of the instances that run already and count, in no order.
    [[nodiscard]] std::vector<std::uint32_t> running_on(const MarathonApp& app) const {
        std::vector<std::uint32_t> agents;
        for (const MarathonTask& task : facts_.workload.tasks) {
            const bool is_old =
                app.config_changed && task.version && *task.version < *app.config_changed;
            if (task.app != app.id || is_old || !is_placed_state(task.state)) {
                continue;
            }
            const auto by_id = std::ranges::find(cluster_.agents, task.agent, &AgentRow::id);
            const auto found =
                by_id != cluster_.agents.end()
                    ? by_id
                    : std::ranges::find(cluster_.agents, task.host, &AgentRow::hostname);
            if (found != cluster_.agents.end()) {
                agents.push_back(static_cast<std::uint32_t>(found - cluster_.agents.begin()));
            }
        }
        return agents;
    }

    [[nodiscard]] bool accepts(const MarathonConstraint& constraint,
                               const std::vector<std::uint32_t>& agents,
                               std::uint32_t agent) const {
        const auto value = field_of(agent, constraint.field);
        if (!value) {
            return constraint.op == "UNLIKE";
        }
        if (constraint.op == "LIKE" || constraint.op == "UNLIKE") {
            const auto compiled =
                Regex::compile(fmt::format("\\A(?:{})\\z", constraint.value.value_or("")));
            return compiled.regex && compiled.regex->search(*value) == (constraint.op == "LIKE");
        }
        if (constraint.op == "IS") {
            return *value == normalize_is_value(constraint.value.value_or(""));
        }
        std::map<std::string, std::int64_t> counts;
        for (const std::uint32_t other : agents) {
            ++counts[field_of(other, constraint.field).value_or("\n none")];
        }
        const auto known = counts.find(*value);
        const std::int64_t here = known == counts.end() ? 0 : known->second;
        if (constraint.op == "UNIQUE") {
            return here == 0;
        }
        if (constraint.op == "MAX_PER") {
            return here < std::max<std::int64_t>(1, number_of(constraint));
        }
        if (constraint.op == "CLUSTER") {
            if (constraint.value && !constraint.value->empty()) {
                return *value == *constraint.value;
            }
            return counts.empty() || (counts.size() == 1 && here > 0);
        }
        if (constraint.op != "GROUP_BY" || groups_by_shares(facts_.workload.settings)) {
            return false;
        }
        return here == 0 || (std::ssize(counts) >= number_of(constraint) &&
                             std::ranges::all_of(
                                 counts, [&](const auto& other) { return here <= other.second; }));
    }

    const ClusterFacts& facts_;
    const Cluster& cluster_;
};

}  // namespace

std::optional<std::string> find_broken_constraint(const ClusterFacts& facts,
                                                  std::uint32_t app,
                                                  std::span<const PlacedInstance> placed) {
    return ConstraintChecker(facts).find_broken(app, placed);
}

}  // namespace caretaker
