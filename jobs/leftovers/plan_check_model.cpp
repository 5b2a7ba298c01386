// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_check_model.hpp"

#include "jobs/leftovers/plan_check_constraints_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace caretaker {

namespace {

/// Caught by answer_of() alone, whose answer it is.
struct Mistake : std::runtime_error {
    using std::runtime_error::runtime_error;
};

constexpr std::string_view open_role = "*";

/// By the roles that it names, else by Marathon's default behavior.
bool accepts(const MarathonApp& app, const MarathonSettings& settings, std::string_view role) {
    if (app.accepted_roles) {
        return std::ranges::find(*app.accepted_roles, role) != app.accepted_roles->end();
    }
    return (settings.accepted != AcceptedRoles::reserved && role == open_role) ||
           (settings.accepted != AcceptedRoles::unreserved &&
            role == app.role.value_or(settings.role));
}

/// What instances take of an agent, by who may give it.
struct Draws {
    std::map<std::string, Milli, std::less<>> reserved_only{};  // by role
    std::map<std::string, Milli, std::less<>> any{};            // by role
    Milli unreserved = 0;
};

class Checker {
 public:
    Checker(const ClusterFacts& facts, std::span<const PlacedInstance> placed)
        : facts_(facts), cluster_(facts.cluster), placed_(placed) {}

    void check(std::span<const WantedApp> wanted) {
        check_numbers(wanted);
        check_moment();
        for (const WantedApp& app : wanted) {
            check_constraints(app.app);
        }
    }

    void check_moment() {
        for (const PlacedInstance& instance : placed_) {
            by_agent_[instance.agent].push_back(&instance);
        }
        for (const auto& [agent, instances] : by_agent_) {
            check_state(agent);
            for (std::size_t r = 0; r < scalar_count; ++r) {
                check_amounts(agent, instances, static_cast<Resource>(r));
            }
            check_ports(agent, instances);
            check_gpus(agent, instances);
            check_region(agent, instances);
        }
        check_quota();
    }

 private:
    [[nodiscard]] const MarathonApp& app_of(const PlacedInstance& instance) const {
        return facts_.workload.apps.at(instance.app);
    }

    [[nodiscard]] std::string role_name(const MarathonApp& app) const {
        return app.role.value_or(facts_.workload.settings.role);
    }

    [[nodiscard]] bool takes_unreserved(const MarathonApp& app) const {
        return caretaker::takes_unreserved(app, facts_.workload.settings);
    }

    [[nodiscard]] bool takes_reserved(const MarathonApp& app) const {
        return caretaker::takes_reserved(app, facts_.workload.settings);
    }

    [[nodiscard]] bool takes_pool(const MarathonApp& app, const Pool& pool) const {
        if (pool.is_volume || pool.is_revocable || pool.disk != DiskKind::root) {
            return false;
        }
        const ReservationStack& stack = cluster_.stacks[pool.stack];
        if (stack.roles.empty()) {
            return takes_unreserved(app);
        }
        return takes_reserved(app) && stack.roles.size() == 1 && stack.roles[0] == role_name(app) &&
               !stack.is_of_instance && !stack.is_hidden;
    }

    /// Whether Mesos shows it to the app's role, whatever the app accepts.
    [[nodiscard]] bool is_on_offer(const MarathonApp& app, const Pool& pool) const {
        const ReservationStack& stack = cluster_.stacks[pool.stack];
        if (pool.is_revocable || stack.is_hidden) {
            return false;
        }
        const std::string role = role_name(app);
        return stack.roles.empty() || role == stack.roles.back() ||
               role.starts_with(stack.roles.back() + '/');
    }

    [[nodiscard]] const std::string& host(std::uint32_t agent) const {
        return cluster_.agents.at(agent).hostname;
    }

    void check_numbers(std::span<const WantedApp> wanted) const {
        std::map<std::uint32_t, std::int64_t> missing;
        for (const WantedApp& app : wanted) {
            missing[app.app] += app.instances;
        }
        for (const PlacedInstance& instance : placed_) {
            --missing[instance.app];
        }
        for (const auto& [app, number] : missing) {
            if (number != 0) {
                throw Mistake(fmt::format(
                    "{} instances of {} too few", number, facts_.workload.apps.at(app).id));
            }
        }
    }

    void check_state(std::uint32_t agent) const {
        if (cluster_.agents.at(agent).state != AgentState::placeable) {
            throw Mistake(fmt::format("{} takes nothing", host(agent)));
        }
    }

    void check_amounts(std::uint32_t agent,
                       const std::vector<const PlacedInstance*>& instances,
                       Resource resource) const {
        Draws draws;
        for (const PlacedInstance* instance : instances) {
            const MarathonApp& app = app_of(*instance);
            const std::array needs{app.cpus, app.mem, app.disk, app.gpus};
            const Milli need = needs.at(resource);
            if (!takes_reserved(app)) {
                draws.unreserved += need;
            } else if (!takes_unreserved(app)) {
                draws.reserved_only[role_name(app)] += need;
            } else {
                draws.any[role_name(app)] += need;
            }
        }
        Milli unreserved = 0;
        std::map<std::string, Milli, std::less<>> reserved;
        for (const Pool& pool : cluster_.pools_of(cluster_.agents[agent])) {
            const ReservationStack& stack = cluster_.stacks[pool.stack];
            const bool is_plain =
                !pool.is_volume && !pool.is_revocable && pool.disk == DiskKind::root;
            if (pool.resource != resource || !is_plain) {
                continue;
            }
            if (stack.roles.empty()) {
                unreserved += pool.left;
            } else if (stack.roles.size() == 1 && !stack.is_of_instance && !stack.is_hidden) {
                reserved[stack.roles[0]] += pool.left;
            }
        }
        for (const auto& [role, need] : draws.reserved_only) {
            reserved[role] -= need;
            if (need > 0 && reserved[role] < 0) {
                refuse_amount(agent, resource);
            }
        }
        for (const auto& [role, need] : draws.any) {
            draws.unreserved += std::max<Milli>(0, need - std::max<Milli>(0, reserved[role]));
        }
        if (draws.unreserved > 0 && draws.unreserved > unreserved) {
            refuse_amount(agent, resource);
        }
    }

    [[noreturn]] void refuse_amount(std::uint32_t agent, Resource resource) const {
        throw Mistake(
            fmt::format("{} has too little {}", host(agent), resource_names.at(resource)));
    }

    void check_ports(std::uint32_t agent,
                     const std::vector<const PlacedInstance*>& instances) const {
        std::set<std::uint32_t> taken;
        for (const PlacedInstance* instance : instances) {
            const MarathonApp& app = app_of(*instance);
            if (app.wants_impossible_port ||
                instance->ports.count() != app.static_ports.count() + app.dynamic_ports) {
                throw Mistake(fmt::format("{} gets another number of ports", app.id));
            }
            for (const PortRange& range : app.static_ports.ranges()) {
                for (std::uint32_t port = range.begin; port <= range.end; ++port) {
                    if (!contains_port(instance->ports.ranges(),
                                       static_cast<std::uint16_t>(port))) {
                        throw Mistake(fmt::format("{} does not get port {}", app.id, port));
                    }
                }
            }
            for (const PortRange& range : instance->ports.ranges()) {
                for (std::uint32_t port = range.begin; port <= range.end; ++port) {
                    if (!taken.insert(port).second || !has_port(agent, app, port)) {
                        throw Mistake(fmt::format(
                            "port {} of {} is not free for {}", port, host(agent), app.id));
                    }
                }
            }
        }
    }

    [[nodiscard]] bool has_port(std::uint32_t agent,
                                const MarathonApp& app,
                                std::uint32_t port) const {
        for (const Pool& pool : cluster_.pools_of(cluster_.agents[agent])) {
            if (pool.resource == Resource::ports && takes_pool(app, pool) &&
                contains_port(cluster_.ports_left(pool), static_cast<std::uint16_t>(port))) {
                return true;
            }
        }
        return false;
    }

    /// An app without GPUs stays away from agents that still have some for its role.
    void check_gpus(std::uint32_t agent,
                    const std::vector<const PlacedInstance*>& instances) const {
        Milli gone = 0;
        for (const PlacedInstance* instance : instances) {
            const MarathonApp& app = app_of(*instance);
            Milli left = -gone;
            for (const Pool& pool : cluster_.pools_of(cluster_.agents[agent])) {
                left += pool.resource == Resource::gpus && is_on_offer(app, pool) ? pool.left : 0;
            }
            if (app.gpus == 0 && app.gpu_behavior.value_or("restricted") == "restricted" &&
                left > 0) {
                throw Mistake(fmt::format("{} leaves the gpus of {} alone", app.id, host(agent)));
            }
            gone += app.gpus;
        }
    }

    void check_region(std::uint32_t agent,
                      const std::vector<const PlacedInstance*>& instances) const {
        const NameId home = cluster_.home_region;
        const NameId region = cluster_.agents[agent].region;
        if (home == 0 || region == 0 || region == home) {
            return;
        }
        for (const PlacedInstance* instance : instances) {
            const MarathonApp& app = app_of(*instance);
            if (std::ranges::none_of(app.constraints, [](const MarathonConstraint& constraint) {
                    return constraint.field == "@region" || constraint.field == "@zone";
                })) {
                throw Mistake(
                    fmt::format("{} is in another region than {} may go", host(agent), app.id));
            }
        }
    }

    void check_constraints(std::uint32_t app) const {
        if (const auto broken = find_broken_constraint(facts_, app, placed_)) {
            throw Mistake(*broken);
        }
    }

    /// As if nothing came out of a reservation, unless the app takes nothing else.
    void check_quota() const {
        if (facts_.quotas.empty()) {
            return;
        }
        std::map<std::string, std::array<Milli, scalar_count>, std::less<>> drawn;
        std::array<Milli, scalar_count> all{};
        for (const PlacedInstance& instance : placed_) {
            const MarathonApp& app = app_of(instance);
            const std::array needs{app.cpus, app.mem, app.disk, app.gpus};
            const std::string role = role_name(app);
            for (std::size_t r = 0; takes_unreserved(app) && r < scalar_count; ++r) {
                drawn[role.substr(0, role.find('/'))].at(r) += needs.at(r);
                all.at(r) += needs.at(r);
            }
        }
        for (std::size_t r = 0; r < scalar_count; ++r) {
            Milli free = 0;
            for (const AgentRow& agent : cluster_.agents) {
                for (const Pool& pool : cluster_.pools_of(agent)) {
                    const bool is_open = agent.state == AgentState::placeable && pool.stack == 0 &&
                                         pool.is_plain() && pool.resource == r;
                    free += is_open ? pool.left : 0;
                }
            }
            for (const auto& [role, amounts] : drawn) {
                Milli held = 0;
                for (const RoleQuota& quota : facts_.quotas) {
                    const std::string name(resource_names.at(r));
                    const Milli left = quota.limit.amount(name) - quota.consumed.amount(name);
                    if (quota.role == role && quota.has_limit(name) &&
                        amounts.at(r) > std::max<Milli>(0, left)) {
                        throw Mistake(fmt::format("role {} may not take so much {}", role, name));
                    }
                    held +=
                        quota.role == role
                            ? 0
                            : std::max<Milli>(
                                  0, quota.guarantee.amount(name) - quota.consumed.amount(name));
                }
                if (amounts.at(r) > 0 && held > 0 && all.at(r) > std::max<Milli>(0, free - held)) {
                    throw Mistake(fmt::format(
                        "{} is held back from role {} for others", resource_names.at(r), role));
                }
            }
        }
    }

    const ClusterFacts& facts_;
    const Cluster& cluster_;
    std::span<const PlacedInstance> placed_;
    std::map<std::uint32_t, std::vector<const PlacedInstance*>> by_agent_{};
};

template <typename Check>
std::optional<std::string> answer_of(const Check& check) {
    try {
        check();
    } catch (const Mistake& mistake) {  // it ends a check at the first one, however deep
        return mistake.what();
    }
    return std::nullopt;
}

}  // namespace

bool takes_unreserved(const MarathonApp& app, const MarathonSettings& settings) {
    return app.is_resident || accepts(app, settings, open_role);
}

bool takes_reserved(const MarathonApp& app, const MarathonSettings& settings) {
    const std::string role = app.role.value_or(settings.role);
    return !app.is_resident && role != open_role && accepts(app, settings, role);
}

std::optional<std::string> check_placing(const ClusterFacts& facts,
                                         std::span<const WantedApp> wanted,
                                         std::span<const PlacedInstance> placed) {
    return answer_of([&] { Checker(facts, placed).check(wanted); });
}

std::optional<std::string> check_moment(const ClusterFacts& facts,
                                        std::span<const PlacedInstance> placed) {
    return answer_of([&] { Checker(facts, placed).check_moment(); });
}

}  // namespace caretaker
