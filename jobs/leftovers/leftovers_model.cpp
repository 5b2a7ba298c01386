// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/leftovers_model.hpp"

#include "common/text/edit_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// Disks that are no work directory are resources of their own: only volumes lie on them.
std::string name_of(const Cluster& cluster, const Pool& pool) {
    const std::string& name = cluster.resources.name(pool.resource);
    switch (pool.disk) {
        case DiskKind::path:
            return name + "_path";
        case DiskKind::mount:
            return name + "_mount";
        case DiskKind::block:
            return name + "_block";
        case DiskKind::raw:
            return name + "_raw";
        case DiskKind::root:
            break;
    }
    return name;
}

/// "cpus=8 mem=32768 disk=500000": the totals of an agent, without disks other than root.
std::string class_of(const Cluster& cluster, const AgentRow& agent) {
    std::array<Milli, scalar_count> totals{};
    for (const Pool& pool : cluster.pools_of(agent)) {
        if (pool.is_plain() && pool.resource < scalar_count) {
            totals.at(pool.resource) += pool.total;
        }
    }
    std::string text;
    for (std::size_t r = 0; r < scalar_count; ++r) {
        if (totals.at(r) > 0) {
            text += fmt::format("{}{}={}",
                                text.empty() ? "" : " ",
                                resource_names.at(r),
                                format_milli(totals.at(r)));
        }
    }
    return text;
}

class Adder {
 public:
    Adder(const Cluster& cluster, const RoleView& view) : cluster_(cluster), view_(view) {
        for (const std::string_view name : resource_names) {
            result_.resources.push_back({.name = std::string(name)});
        }
    }

    void add(std::uint32_t index) {
        const AgentRow& agent = cluster_.agents[index];
        AgentCounts& counts = result_.agents;
        ++counts.by_state.at(static_cast<std::size_t>(agent.state));
        counts.registered += agent.state != AgentState::recovered ? 1 : 0;
        counts.inexact += agent.is_exact ? 0 : 1;
        counts.hiding_roles += agent.hides_roles ? 1 : 0;
        counts.negative += agent.has_negative_rest ? 1 : 0;
        bool has_rest = false;
        for (const Pool& pool : cluster_.pools_of(agent)) {
            if (agent.state == AgentState::placeable) {
                add_pool(index, pool);
            } else if (!pool.is_revocable && !pool.is_volume) {
                sums_of(pool).unusable.at(static_cast<std::size_t>(agent.state)) += pool.left;
            }
            has_rest = has_rest || (pool.left > 0 && !pool.is_revocable && !pool.is_volume);
        }
        if (agent.state == AgentState::placeable) {
            counts.full += has_rest ? 0 : 1;
            counts.dust += has_rest && view_.is_dust[index] ? 1 : 0;
            add_view(index);
        }
    }

    Leftovers finish() {
        std::sort(result_.resources.begin() + resource_names.size(),
                  result_.resources.end(),
                  [](const ResourceSums& a, const ResourceSums& b) { return a.name < b.name; });
        for (ResourceSums& sums : result_.resources) {
            // What is left and neither free, dust nor a volume is reserved for others.
            sums.reserved_free =
                std::max<Milli>(0, sums.left - sums.free - sums.dust - sums.volumes);
            sums.free_most += sums.free;
        }
        return std::move(result_);
    }

 private:
    ResourceSums& sums_of(const Pool& pool) {
        if (pool.resource < resource_names.size() && pool.disk == DiskKind::root) {
            return result_.resources[pool.resource];
        }
        const std::string name = name_of(cluster_, pool);
        const auto known = std::ranges::find(result_.resources, name, &ResourceSums::name);
        return known != result_.resources.end()
                   ? *known
                   : result_.resources.emplace_back(ResourceSums{.name = name});
    }

    void add_pool(std::uint32_t agent, const Pool& pool) {
        ResourceSums& sums = sums_of(pool);
        if (pool.is_revocable) {
            sums.revocable += pool.left;
            return;
        }
        sums.total += pool.total;
        sums.used += pool.used;
        sums.offered += pool.offered;
        sums.left += pool.left;
        if (pool.is_volume) {
            sums.volumes += pool.left;
            return;
        }
        sums.free_most += pool.stack == 0 ? pool.slack : 0;
        const bool is_in_view = pool.resource < resource_names.size() && pool.is_plain();
        if (!is_in_view && view_.takes_stack[pool.stack]) {
            add_free(agent, sums, pool.left);
        }
    }

    void add_free(std::uint32_t agent, ResourceSums& sums, Milli amount) const {
        if (view_.is_dust[agent]) {
            sums.dust += amount;
        } else {
            sums.free += amount;
            sums.largest = std::max(sums.largest, amount);
        }
    }

    void add_view(std::uint32_t agent) {
        for (std::size_t i = 0; i < scalar_count; ++i) {
            add_free(agent, result_.resources[i], view_.free.at(i)[agent]);
        }
        add_free(agent, result_.resources[Resource::ports], Milli{1000} * view_.ports[agent]);
    }

    const Cluster& cluster_;
    const RoleView& view_;
    Leftovers result_{};
};

}  // namespace

Leftovers sum_leftovers(const Cluster& cluster,
                        const RoleView& view,
                        std::span<const std::uint32_t> agents) {
    Adder adder(cluster, view);
    for (const std::uint32_t agent : agents) {
        adder.add(agent);
    }
    return adder.finish();
}

Leftovers sum_leftovers(const Cluster& cluster, const RoleView& view) {
    std::vector<std::uint32_t> all(cluster.agents.size());
    std::iota(all.begin(), all.end(), 0U);
    return sum_leftovers(cluster, view, all);
}

void set_stranded(const Cluster& cluster,
                  const RoleView& view,
                  const std::vector<bool>& fits_any,
                  Leftovers& leftovers) {
    std::array<Milli, scalar_count> stranded{};
    for (std::size_t i = 0; i < cluster.agents.size(); ++i) {
        if (cluster.agents[i].state == AgentState::placeable && !view.is_dust[i] && !fits_any[i]) {
            for (std::size_t r = 0; r < scalar_count; ++r) {
                stranded.at(r) += view.free.at(r)[i];
            }
        }
    }
    for (std::size_t r = 0; r < scalar_count; ++r) {
        leftovers.resources[r].stranded = stranded.at(r);
    }
}

namespace {

bool is_group(const Cluster& cluster, const std::string& attribute) {
    constexpr std::array<std::string_view, 5> others{
        "@hostname", "@region", "@zone", "@state", "@class"};
    return std::ranges::find(others, attribute) != others.end() ||
           cluster.attribute_names.find(attribute).has_value();
}

/// "; did you mean rack?", or else what there is.
std::string describe_groups(const Cluster& cluster, std::string_view attribute) {
    std::vector<std::string_view> names;
    for (NameId id = 0; id < cluster.attribute_names.size(); ++id) {
        names.push_back(cluster.attribute_names.name(id));
    }
    std::ranges::sort(names);  // as read they are in the order of the agents
    if (const auto nearest = nearest_name(attribute, names)) {
        return fmt::format("; did you mean {}?", *nearest);
    }
    constexpr std::size_t most = 10;
    if (names.empty()) {
        return "; they have none at all";
    }
    const bool are_all = names.size() <= most;
    names.resize(std::min(names.size(), most));
    return fmt::format("; there are {}{}", fmt::join(names, ", "), are_all ? "" : " and others");
}

}  // namespace

std::optional<std::string> find_missing_group(const Cluster& cluster,
                                              const std::string& attribute) {
    if (cluster.agents.empty()) {
        return std::nullopt;
    }
    for (std::size_t begin = 0; begin <= attribute.size();) {
        const std::size_t end = std::min(attribute.find(',', begin), attribute.size());
        const std::string one = attribute.substr(begin, end - begin);
        if (!is_group(cluster, one)) {
            return fmt::format(
                "no agent has an attribute {}{}", one, describe_groups(cluster, one));
        }
        begin = end + 1;
    }
    return std::nullopt;
}

std::string group_value(const Cluster& cluster,
                        const AgentRow& agent,
                        const std::string& attribute) {
    const std::size_t comma = attribute.find(',');
    if (comma != std::string::npos) {
        return group_value(cluster, agent, attribute.substr(0, comma)) + ',' +
               group_value(cluster, agent, attribute.substr(comma + 1));
    }
    std::string value;
    if (attribute == "@hostname") {
        value = agent.hostname;
    } else if (attribute == "@region") {
        value = cluster.attribute_values.name(agent.region);
    } else if (attribute == "@zone") {
        value = cluster.attribute_values.name(agent.zone);
    } else if (attribute == "@state") {
        value = to_string(agent.state);
    } else if (attribute == "@class") {
        value = class_of(cluster, agent);
    } else if (const std::string* text = cluster.attribute(agent, attribute)) {
        value = *text;
    }
    return value.empty() ? "(none)" : value;
}

std::vector<LeftoversGroup> group_leftovers(const Cluster& cluster,
                                            const RoleView& view,
                                            const std::string& attribute) {
    std::map<std::string, std::vector<std::uint32_t>> members;
    for (std::uint32_t i = 0; i < cluster.agents.size(); ++i) {
        members[group_value(cluster, cluster.agents[i], attribute)].push_back(i);
    }
    std::vector<LeftoversGroup> groups;
    groups.reserve(members.size());
    for (const auto& [value, agents] : members) {
        groups.push_back({value, sum_leftovers(cluster, view, agents)});
    }
    return groups;
}

}  // namespace caretaker
