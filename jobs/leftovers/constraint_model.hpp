// SPDX-License-Identifier: Apache-2.0
// Marathon's placement constraints over the agents of a cluster. Pure.
#pragma once

#include "common/clients/marathon_app.hpp"
#include "jobs/leftovers/cluster.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// The values of one field, an attribute or what "hostname", "@hostname", "@region" and "@zone"
/// say, on all agents. Index: as Cluster::agents.
struct FieldColumn {
    static constexpr std::uint32_t missing = std::numeric_limits<std::uint32_t>::max();

    std::vector<std::uint32_t> values{};  // in `names`, or missing
    NameTable names{};
    bool is_unique = false;  // no value is on two agents
};

/// Those asked for, each made once.
class FieldColumns {
 public:
    /// `groups_by_shares`: as groups_by_shares() says of the Marathon whose constraints are asked.
    explicit FieldColumns(const Cluster& cluster, bool groups_by_shares = false)
        : cluster_(cluster), groups_by_shares_(groups_by_shares) {}

    const FieldColumn& column(const std::string& field);

    [[nodiscard]] const Cluster& cluster() const { return cluster_; }

    [[nodiscard]] bool groups_by_shares() const { return groups_by_shares_; }

 private:
    const Cluster& cluster_;
    bool groups_by_shares_ = false;
    std::map<std::string, FieldColumn, std::less<>> columns_{};
};

enum class GroupingKind { unique, max_per, cluster, group_by };

/// One that depends on where instances of the app are already.
struct Grouping {
    GroupingKind kind = GroupingKind::unique;
    const FieldColumn* column = nullptr;
    std::int64_t number = 0;  // of max_per: the most for a value; of group_by: the least of groups
    std::string words{};      // "rack GROUP_BY 3"
};

/// The constraints of an app, ready to be asked.
struct CompiledConstraints {
    std::vector<char> accepts{};  // by agent, what does not depend on instances; empty: all
    std::vector<Grouping> groupings{};
    std::string unsupported{};  // why one cannot be asked, which then accepts nothing; else empty
};

/// Whether an app with these constraints may go to agents of another region than the master's.
bool may_be_remote(std::span<const MarathonConstraint> constraints);

/// All of an app's, as Marathon 1.6 to 1.10 evaluates them: all must hold; without the attribute
/// only UNLIKE does; a regular expression matches the whole value. An unknown operator and a wrong
/// value are `unsupported`, and so is GROUP_BY with a number where it goes by shares; without one
/// it then accepts nothing, as there. Where the app may not be remote, remote agents accept
/// nothing.
CompiledConstraints compile_constraints(std::span<const MarathonConstraint> constraints,
                                        FieldColumns& columns);

/// One by itself, wherever the agents are.
CompiledConstraints compile_constraint(const MarathonConstraint& constraint, FieldColumns& columns);

/// A value as IS compares it: what looks like a number ("0.80") in the form of a scalar ("0.8").
std::string normalize_is_value(std::string_view value);

/// Agents and how many instances of an app each has. One may stand here more than once.
using InstancesByAgent = std::vector<std::pair<std::uint32_t, std::int32_t>>;

/// Instances by value of a column; the last number is for agents without one.
std::vector<std::int64_t> count_by_value(const FieldColumn& column,
                                         const InstancesByAgent& instances);

/// What the groups of an app have in common.
struct GroupTally {
    std::int64_t groups = 0;    // values with an instance, agents without one as one more
    std::int64_t smallest = 0;  // of them; 0 without any
    std::size_t first = 0;      // the first value with an instance, in the order of the agents
};

GroupTally tally_groups(std::span<const std::int64_t> counts);

/// Whether one more instance is taken where the value is `value` and `here` instances are, with the
/// tally of all.
bool accepts_now(const Grouping& grouping,
                 std::uint32_t value,
                 std::int64_t here,
                 const GroupTally& tally);

/// The same, with the counts of all values.
bool accepts_now(const Grouping& grouping,
                 std::uint32_t value,
                 std::span<const std::int64_t> counts,
                 const GroupTally& tally);

}  // namespace caretaker
