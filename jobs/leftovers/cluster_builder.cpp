// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/cluster_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view revocable_suffix = "_revocable";

/// Sums are made of doubles and entries of rounded ones, so that they differ a little.
constexpr Milli rounding = 10;

std::string key_of(const std::vector<MesosReservation>& reservations) {
    std::string key;
    for (const MesosReservation& reservation : reservations) {
        key += fmt::format(
            "{}\n{}\n{}\n", reservation.role, reservation.is_dynamic, reservation.principal);
        for (const auto& [name, value] : reservation.labels) {
            key += fmt::format("{}\n{}\n", name, value);
        }
        key += '\f';
    }
    return key;
}

/// Marathon reserves for one instance of a resident app, and writes whose it is into the labels.
bool is_of_marathon_instance(const MesosReservation& reservation) {
    return std::ranges::any_of(reservation.labels, [](const auto& label) {
        return label.first == "marathon_framework_id" || label.first == "marathon_task_id";
    });
}

auto key_of(const Pool& pool) {
    return std::tie(pool.resource,
                    pool.stack,
                    pool.place,
                    pool.disk,
                    pool.is_volume,
                    pool.is_revocable,
                    pool.is_shared);
}

void add_to(MesosSums& sums, const MesosSums& more) {
    for (const auto& [name, amount] : more.scalars) {
        const auto known =
            std::ranges::find(sums.scalars, name, [](const auto& scalar) { return scalar.first; });
        if (known == sums.scalars.end()) {
            sums.scalars.emplace_back(name, amount);
        } else {
            known->second += amount;
        }
    }
    sums.ports.add(more.ports);
}

/// Those of entries that the sums of an agent count under that name.
Milli sum_of(const std::vector<MesosResource>& entries, std::string_view name) {
    Milli sum = 0;
    for (const MesosResource& entry : entries) {
        sum += entry.name == name && !entry.is_revocable ? entry.amount : 0;
    }
    return sum;
}

}  // namespace

void ClusterBuilder::add(const MesosAgent& agent) {
    if (!agent.is_detailed && !agent.used_sum) {
        without_use_.emplace_back(agent, document_);
        return;
    }
    BuiltRow built = begin_row(agent);
    if (agent.is_detailed) {
        add_entries(agent.total, in_total);
        add_entries(agent.used, in_use);
        add_entries(agent.offered, on_offer);
        add_hidden(agent, built.row);
    } else {
        add_sums(agent, *agent.used_sum, built.row);
    }
    end_row(std::move(built));
}

void ClusterBuilder::add_recovered(const MesosAgent& agent) {
    BuiltRow built = begin_row(agent);
    built.row.state = AgentState::recovered;
    end_row(std::move(built));
}

void ClusterBuilder::add_use(const std::string& agent_id, const MesosSums& use) {
    add_to(uses_[{document_, agent_id}], use);
}

ClusterBuilder::Mark ClusterBuilder::mark() const {
    return {.rows = rows_.size(),
            .without_use = without_use_.size(),
            .document = document_,
            .pools = cluster_.pools.size(),
            .port_ranges = cluster_.port_ranges.size(),
            .attributes = cluster_.attributes.size()};
}

void ClusterBuilder::rewind(const Mark& mark) {
    rows_.resize(mark.rows);
    without_use_.resize(mark.without_use);
    std::erase_if(uses_, [&](const auto& use) { return use.first.first > mark.document; });
    cluster_.pools.resize(mark.pools);
    cluster_.port_ranges.resize(mark.port_ranges);
    cluster_.attributes.resize(mark.attributes);
}

ClusterBuilder::BuiltRow ClusterBuilder::begin_row(const MesosAgent& agent) {
    amounts_.clear();
    AgentRow row{.hostname = agent.hostname,
                 .id = agent.id,
                 .address = agent.address,
                 .registered_ms = agent.registered_ms,
                 .region = cluster_.attribute_values.add(agent.region),
                 .zone = cluster_.attribute_values.add(agent.zone),
                 .first_attribute = static_cast<std::uint32_t>(cluster_.attributes.size()),
                 .attribute_count = static_cast<std::uint32_t>(agent.attributes.size()),
                 .is_active = agent.is_active,
                 .is_deactivated = agent.is_deactivated,
                 .is_draining = !agent.drain_state.empty(),
                 .is_detailed = agent.is_detailed};
    MesosAttributes attributes = agent.attributes;  // in whatever order the document has them
    std::ranges::sort(attributes);
    for (const auto& [name, value] : attributes) {
        cluster_.attributes.push_back(
            {cluster_.attribute_names.add(name), cluster_.attribute_values.add(value)});
    }
    return {.row = std::move(row), .document = document_, .is_detailed = agent.is_detailed};
}

void ClusterBuilder::add_entries(const std::vector<MesosResource>& entries, Counted counted) {
    for (const MesosResource& entry : entries) {
        Pool key{.resource = cluster_.resources.add(entry.name),
                 .stack = stack_of(entry.reservations),
                 .disk = entry.disk,
                 .is_volume = !entry.volume.empty(),
                 .is_revocable = entry.is_revocable,
                 .is_shared = entry.is_shared};
        if (!entry.disk_root.empty() || key.is_volume || !entry.provider.empty()) {
            key.place = cluster_.places.add(
                fmt::format("{}\n{}\n{}", entry.disk_root, entry.volume, entry.provider));
        }
        Amounts& amounts = amounts_of(key);
        amounts.pool.*counted.amount += entry.amount;
        (amounts.*counted.ports).add(entry.ranges);
    }
}

void ClusterBuilder::add_hidden(const MesosAgent& agent, AgentRow& row) {
    for (std::size_t i = 0; i < scalar_count; ++i) {
        const std::string_view name = resource_names.at(i);
        const Milli hidden = agent.sum.amount(name) - sum_of(agent.total, name);
        if (hidden <= rounding) {
            continue;
        }
        row.hides_roles = true;
        Pool& pool = amounts_of(name, add_stack("?", {.roles = {"?"}, .is_hidden = true})).pool;
        pool.total = hidden;
        const Milli used = agent.used_sum ? agent.used_sum->amount(name) : 0;
        pool.used = std::clamp<Milli>(used - sum_of(agent.used, name), 0, hidden);
    }
}

void ClusterBuilder::add_sums(const MesosAgent& agent, const MesosSums& used, AgentRow& row) {
    std::vector<std::pair<std::string_view, Milli>> totals(agent.sum.scalars.begin(),
                                                           agent.sum.scalars.end());
    for (auto [name, total] : totals) {
        const Milli offered = agent.offered_sum.amount(name);
        Milli taken = used.amount(name);
        const bool is_revocable = name.ends_with(revocable_suffix);
        if (is_revocable) {
            name.remove_suffix(revocable_suffix.size());
        }
        Milli reserved = 0;
        for (const auto& [role, sums] : agent.reserved_sums) {
            reserved += is_revocable ? 0 : sums.amount(name);
        }
        const Milli unreserved = std::max<Milli>(0, total - reserved);
        Amounts& open = amounts_of(
            Pool{.resource = cluster_.resources.add(name), .is_revocable = is_revocable});
        open.pool.total = unreserved;
        // All that is in use may lie in the unreserved part; as little as the rest forces into it.
        open.pool.used = reserved == 0 ? taken : std::min(taken, unreserved);
        open.pool.offered = std::min(offered, std::max<Milli>(0, unreserved - open.pool.used));
        open.pool.slack = std::min(taken, unreserved) - std::max<Milli>(0, taken - reserved);
        row.is_exact = row.is_exact && (reserved == 0 || taken == 0);
        taken -= open.pool.used;
        for (const auto& [role, sums] : agent.reserved_sums) {
            const Milli amount = is_revocable ? 0 : sums.amount(name);
            if (amount == 0) {
                continue;
            }
            Pool& pool = amounts_of(name, stack_of({{.role = role}})).pool;
            pool.total = amount;
            pool.used = std::min(amount, taken);
            taken -= pool.used;
        }
    }
    Amounts& ports = amounts_of("ports", 0);
    ports.total = agent.sum.ports;
    for (const auto& [role, sums] : agent.reserved_sums) {
        if (!sums.ports.is_empty()) {
            ports.total.remove(sums.ports);
            amounts_of("ports", stack_of({{.role = role}})).total = sums.ports;
        }
    }
    for (Amounts& amounts : amounts_) {
        if (amounts.pool.resource == Resource::ports) {
            amounts.used = used.ports;
            amounts.offered = agent.offered_sum.ports;
            for (PortSet* part : {&amounts.used, &amounts.offered}) {
                PortSet outside = *part;
                outside.remove(amounts.total);
                part->remove(outside);
            }
        }
    }
}

ClusterBuilder::Amounts& ClusterBuilder::amounts_of(const Pool& key) {
    const auto known = std::ranges::find_if(
        amounts_, [&](const Amounts& amounts) { return key_of(amounts.pool) == key_of(key); });
    return known != amounts_.end() ? *known : amounts_.emplace_back(Amounts{.pool = key});
}

ClusterBuilder::Amounts& ClusterBuilder::amounts_of(std::string_view resource,
                                                    std::uint32_t stack) {
    return amounts_of(Pool{.resource = cluster_.resources.add(resource), .stack = stack});
}

std::uint32_t ClusterBuilder::stack_of(const std::vector<MesosReservation>& reservations) {
    if (reservations.empty()) {
        return 0;
    }
    ReservationStack stack{.is_refined = reservations.size() > 1};
    for (const MesosReservation& reservation : reservations) {
        stack.roles.push_back(reservation.role);
        stack.is_of_instance = stack.is_of_instance || is_of_marathon_instance(reservation);
    }
    return add_stack(key_of(reservations), std::move(stack));
}

std::uint32_t ClusterBuilder::add_stack(const std::string& key, ReservationStack stack) {
    const auto [known, is_new] =
        stack_ids_.try_emplace(key, static_cast<std::uint32_t>(cluster_.stacks.size()));
    if (is_new) {
        cluster_.stacks.push_back(std::move(stack));
    }
    return known->second;
}

/// A shared volume is on offer whatever tasks use it.
void ClusterBuilder::settle(Amounts& amounts, AgentRow& row) const {
    Pool& pool = amounts.pool;
    if (pool.resource == Resource::ports) {
        PortSet beyond = amounts.used;
        beyond.remove(amounts.total);
        row.has_negative_rest = row.has_negative_rest || !beyond.is_empty();
        pool.total = amounts.total.count() * 1000;
        pool.used = amounts.used.count() * 1000;
        pool.offered = amounts.offered.count() * 1000;
        amounts.total.remove(amounts.used);
        if (offered_ == OfferedResources::are_busy) {
            amounts.total.remove(amounts.offered);
        }
        pool.left = amounts.total.count() * 1000;
        return;
    }
    Milli left = pool.total - (pool.is_shared ? 0 : pool.used);
    row.has_negative_rest = row.has_negative_rest || left < -rounding;
    if (offered_ == OfferedResources::are_busy && !pool.is_shared) {
        left -= pool.offered;
    }
    pool.left = std::max<Milli>(0, left);
}

void ClusterBuilder::end_row(BuiltRow built) {
    std::ranges::stable_sort(
        amounts_, {}, [](const Amounts& amounts) { return amounts.pool.resource; });
    AgentRow& row = built.row;
    row.first_pool = static_cast<std::uint32_t>(cluster_.pools.size());
    row.pool_count = static_cast<std::uint32_t>(amounts_.size());
    for (Amounts& amounts : amounts_) {
        settle(amounts, row);
        Pool& pool = amounts.pool;
        if (pool.resource == Resource::ports) {
            const auto left = amounts.total.ranges();
            pool.first_range = static_cast<std::uint32_t>(cluster_.port_ranges.size());
            pool.range_count = static_cast<std::uint32_t>(left.size());
            cluster_.port_ranges.insert(cluster_.port_ranges.end(), left.begin(), left.end());
        }
        cluster_.pools.push_back(pool);
    }
    rows_.push_back(std::move(built));
}

/// Sorted so that the one of each agent that counts comes first: one with resources before one that
/// is only remembered, detailed before summed, registered later, read later.
std::vector<ClusterBuilder::BuiltRow> ClusterBuilder::drop_repeated() {
    const auto rank = [](const BuiltRow& built) {
        return std::tuple(built.row.state != AgentState::recovered,
                          built.is_detailed,
                          built.row.registered_ms,
                          built.document);
    };
    std::ranges::reverse(rows_);
    std::ranges::stable_sort(rows_, [&](const BuiltRow& a, const BuiltRow& b) {
        return a.row.id != b.row.id ? a.row.id < b.row.id : rank(a) > rank(b);
    });
    std::vector<BuiltRow> kept;
    kept.reserve(rows_.size());
    for (BuiltRow& built : rows_) {
        if (kept.empty() || kept.back().row.id != built.row.id) {
            kept.push_back(std::move(built));
        } else if (kept.back().document == built.document) {
            ++listed_twice_;
        }
    }
    return kept;
}

Cluster ClusterBuilder::finish(std::string_view region) {
    cluster_.home_region = cluster_.attribute_values.add(region);
    for (const auto& [agent, document] : without_use_) {
        BuiltRow built = begin_row(agent);
        built.document = document;
        const auto use = uses_.find({document, agent.id});
        add_sums(agent, use == uses_.end() ? MesosSums{} : use->second, built.row);
        end_row(std::move(built));
    }
    std::vector<BuiltRow> kept = drop_repeated();
    cluster_.agents.reserve(kept.size());
    for (BuiltRow& built : kept) {
        cluster_.agents.push_back(std::move(built.row));
    }
    std::ranges::sort(cluster_.agents, [](const AgentRow& a, const AgentRow& b) {
        return std::tie(a.hostname, a.id) < std::tie(b.hostname, b.id);
    });
    return std::move(cluster_);
}

}  // namespace caretaker
