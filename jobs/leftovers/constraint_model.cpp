// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/constraint_model.hpp"

#include "common/clients/mesos_agent.hpp"
#include "common/text/regex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <system_error>

namespace caretaker {

namespace {

FieldColumn make_column(const Cluster& cluster, const std::string& field) {
    FieldColumn column;
    column.values.reserve(cluster.agents.size());
    column.is_unique = true;
    std::vector<bool> is_seen;
    for (const AgentRow& agent : cluster.agents) {
        const std::string* text = nullptr;
        if (field == "hostname" || field == "@hostname") {
            text = &agent.hostname;
        } else if (field == "@region") {
            text = &cluster.attribute_values.name(agent.region);
        } else if (field == "@zone") {
            text = &cluster.attribute_values.name(agent.zone);
        } else {
            text = cluster.attribute(agent, field);
        }
        const bool is_domain = field == "@region" || field == "@zone";
        if (text == nullptr || (is_domain && text->empty())) {
            column.values.push_back(FieldColumn::missing);
            continue;
        }
        const NameId value = column.names.add(*text);
        column.values.push_back(value);
        if (value == is_seen.size()) {
            is_seen.push_back(true);
        } else {
            column.is_unique = false;
        }
    }
    return column;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc{} && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

/// By value of the column.
std::vector<char> judge_values(const FieldColumn& column,
                               const std::function<bool(const std::string&)>& accepts) {
    std::vector<char> verdicts;
    verdicts.reserve(column.names.size());
    for (NameId value = 0; value < column.names.size(); ++value) {
        verdicts.push_back(accepts(column.names.name(value)) ? 1 : 0);
    }
    return verdicts;
}

class Compiler {
 public:
    Compiler(FieldColumns& columns, CompiledConstraints& result)
        : columns_(columns), result_(result) {}

    void add(const MarathonConstraint& constraint) {
        const FieldColumn& column = columns_.column(constraint.field);
        const std::string& op = constraint.op;
        if (op == "LIKE" || op == "UNLIKE") {
            add_regex(constraint, column);
        } else if (op == "IS" && constraint.value) {
            const std::string wanted = normalize_is_value(*constraint.value);
            add_local(column, false, [&](const std::string& value) { return value == wanted; });
        } else if (op == "CLUSTER" && constraint.value && !constraint.value->empty()) {
            add_local(column, false, [&](const std::string& value) {
                return value == *constraint.value;
            });
        } else {
            add_grouping(constraint, column);
        }
    }

 private:
    static std::string words_of(const MarathonConstraint& constraint) {
        return fmt::format("{} {}{}",
                           constraint.field,
                           constraint.op,
                           constraint.value ? " " + *constraint.value : std::string());
    }

    void refuse(const MarathonConstraint& constraint, std::string_view why) {
        if (result_.unsupported.empty()) {
            result_.unsupported = fmt::format("{}: {}", words_of(constraint), why);
        }
    }

    void add_regex(const MarathonConstraint& constraint, const FieldColumn& column) {
        const bool is_like = constraint.op == "LIKE";
        if (constraint.value.value_or("").empty()) {  // Marathon asks for a value of neither
            add_local(column, !is_like, [](const std::string& /*value*/) { return false; });
            return;
        }
        // Java's matches(): the whole value, whatever alternatives the expression has.
        const RegexResult compiled =
            Regex::compile(fmt::format("\\A(?:{})\\z", constraint.value.value_or("")));
        if (!compiled.regex) {
            refuse(constraint, compiled.error);
            return;
        }
        try {
            add_local(column, !is_like, [&](const std::string& value) {
                return compiled.regex->search(value) == is_like;
            });
        } catch (const RegexLimitError& error) {  // like one that cannot be compiled
            refuse(constraint, error.what());
        }
    }

    void add_local(const FieldColumn& column,
                   bool accepts_missing,
                   const std::function<bool(const std::string&)>& accepts) {
        const std::vector<char> verdicts = judge_values(column, accepts);
        if (result_.accepts.empty()) {
            result_.accepts.assign(column.values.size(), 1);
        }
        for (std::size_t i = 0; i < column.values.size(); ++i) {
            const std::uint32_t value = column.values[i];
            const bool is_accepted =
                value == FieldColumn::missing ? accepts_missing : verdicts[value] != 0;
            result_.accepts[i] = static_cast<char>(result_.accepts[i] != 0 && is_accepted);
        }
    }

    /// An agent without the field takes none of these.
    void add_grouping(const MarathonConstraint& constraint, const FieldColumn& column) {
        Grouping grouping{.column = &column, .words = words_of(constraint)};
        const auto number = whole_number(constraint.value.value_or("0"));
        if (constraint.op == "UNIQUE") {
            grouping.kind = GroupingKind::unique;
            grouping.number = 1;
        } else if (constraint.op == "CLUSTER") {
            grouping.kind = GroupingKind::cluster;
        } else if (constraint.op == "MAX_PER" && constraint.value && number) {
            grouping.kind = GroupingKind::max_per;
            grouping.number =
                std::max<std::int64_t>(1, *number);  // 0 lets one in, as Marathon does
        } else if (constraint.op == "GROUP_BY" && number && columns_.groups_by_shares()) {
            if (*number > 0) {
                refuse(constraint, "the rule of Marathon 1.11 for this operator is not known");
            }
            add_local(column, false, [](const std::string& /*value*/) { return false; });
            return;
        } else if (constraint.op == "GROUP_BY" && number) {
            grouping.kind = GroupingKind::group_by;
            grouping.number = std::max<std::int64_t>(0, *number);
        } else {
            refuse(constraint, "this operator with this value is not known");
            return;
        }
        add_local(column, false, [](const std::string& /*value*/) { return true; });
        result_.groupings.push_back(std::move(grouping));
    }

    FieldColumns& columns_;
    CompiledConstraints& result_;
};

}  // namespace

const FieldColumn& FieldColumns::column(const std::string& field) {
    const auto known = columns_.find(field);
    return known != columns_.end()
               ? known->second
               : columns_.emplace(field, make_column(cluster_, field)).first->second;
}

CompiledConstraints compile_constraints(std::span<const MarathonConstraint> constraints,
                                        FieldColumns& columns) {
    CompiledConstraints result;
    Compiler compiler(columns, result);
    for (const MarathonConstraint& constraint : constraints) {
        compiler.add(constraint);
    }
    const Cluster& cluster = columns.cluster();
    if (cluster.home_region == 0 || may_be_remote(constraints)) {
        return result;
    }
    for (std::size_t i = 0; i < cluster.agents.size(); ++i) {
        if (cluster.is_remote(cluster.agents[i])) {
            result.accepts.resize(cluster.agents.size(), 1);
            result.accepts[i] = 0;
        }
    }
    return result;
}

CompiledConstraints compile_constraint(const MarathonConstraint& constraint,
                                       FieldColumns& columns) {
    CompiledConstraints result;
    Compiler(columns, result).add(constraint);
    return result;
}

bool may_be_remote(std::span<const MarathonConstraint> constraints) {
    return std::ranges::any_of(constraints, [](const MarathonConstraint& constraint) {
        return constraint.field == "@region" || constraint.field == "@zone";
    });
}

std::string normalize_is_value(std::string_view value) {
    const std::size_t dot = value.find('.');
    const auto is_digits = [](std::string_view text) {
        return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    const bool is_number = is_digits(value.substr(0, dot)) &&
                           (dot == std::string_view::npos || is_digits(value.substr(dot + 1)));
    double number = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
    if (!is_number || parsed.ec != std::errc{}) {
        return std::string(value);
    }
    return format_scalar_attribute(number);
}

std::vector<std::int64_t> count_by_value(const FieldColumn& column,
                                         const InstancesByAgent& instances) {
    std::vector<std::int64_t> counts(column.names.size() + 1, 0);
    for (const auto& [agent, number] : instances) {
        counts[std::min<std::size_t>(column.values[agent], column.names.size())] += number;
    }
    return counts;
}

GroupTally tally_groups(std::span<const std::int64_t> counts) {
    GroupTally tally;
    for (std::size_t value = 0; value < counts.size(); ++value) {
        const std::int64_t count = counts[value];
        if (count > 0) {
            tally.first = tally.groups == 0 ? value : tally.first;
            tally.smallest = tally.groups == 0 ? count : std::min(tally.smallest, count);
            ++tally.groups;
        }
    }
    return tally;
}

bool accepts_now(const Grouping& grouping,
                 std::uint32_t value,
                 std::span<const std::int64_t> counts,
                 const GroupTally& tally) {
    return value != FieldColumn::missing && accepts_now(grouping, value, counts[value], tally);
}

bool accepts_now(const Grouping& grouping,
                 std::uint32_t value,
                 std::int64_t here,
                 const GroupTally& tally) {
    if (value == FieldColumn::missing) {
        return false;
    }
    switch (grouping.kind) {
        case GroupingKind::unique:
        case GroupingKind::max_per:
            return here < grouping.number;
        case GroupingKind::cluster:
            return tally.groups == 0 || value == tally.first;
        case GroupingKind::group_by:
            break;
    }
    return here == 0 || (tally.groups >= grouping.number && here == tally.smallest);
}

}  // namespace caretaker
