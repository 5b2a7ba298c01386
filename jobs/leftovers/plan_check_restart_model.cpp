// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_check_restart_model.hpp"

#include "jobs/leftovers/plan_check_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

class StepChecker {
 public:
    StepChecker(const PlanScene& scene, std::span<const PlacedInstance> placed)
        : scene_(scene), placed_(placed), moment_(scene.facts) {
        for (const PlannedRestart& restart : scene.restarts) {
            old_.emplace_back();
            for (std::size_t i = 0; i < restart.instances.size(); ++i) {
                old_.back().insert(i);
            }
            started_.push_back(0);
        }
    }

    std::optional<std::string> check(std::span<const RestartStep> steps) {
        bool is_new = false;  // something started since the last look
        for (const RestartStep& step : steps) {
            if (step.is_stop && is_new) {
                if (auto mistake = look()) {
                    return mistake;
                }
                is_new = false;
            }
            if (auto mistake = step.is_stop ? stop(step) : start(step)) {
                return mistake;
            }
            is_new = is_new || !step.is_stop;
        }
        for (std::size_t i = 0; i < old_.size(); ++i) {
            if (!old_[i].empty() || started_[i] != app_of(i).instances) {
                return fmt::format("the restart of {} does not end", app_of(i).id);
            }
        }
        return look();
    }

 private:
    [[nodiscard]] const MarathonApp& app_of(std::size_t restart) const {
        return scene_.facts.workload.apps.at(scene_.restarts.at(restart).app);
    }

    [[nodiscard]] std::int64_t running(std::size_t restart) const {
        return std::ssize(old_[restart]) + started_[restart];
    }

    /// Marathon's figures: what must run, and what may.
    struct Bounds {
        std::int64_t least = 0;
        std::int64_t most = 0;
    };

    [[nodiscard]] Bounds bounds_of(std::size_t restart) const {
        constexpr Milli one = 1000;
        const MarathonApp& app = app_of(restart);
        const auto before = std::ssize(scene_.restarts[restart].instances);
        Bounds bounds;
        while (bounds.least * one < app.instances * app.min_health.value_or(one)) {
            ++bounds.least;
        }
        bounds.most = app.instances + app.instances * app.over_capacity.value_or(one) / one;
        if (bounds.most == bounds.least && before >= bounds.most) {
            ++bounds.most;
        }
        bounds.least = std::min(bounds.least, before);
        return bounds;
    }

    std::optional<std::string> stop(const RestartStep& step) {
        if (old_.at(step.restart).erase(step.instance) == 0) {
            return fmt::format("an old instance of {} stops twice", app_of(step.restart).id);
        }
        const bool is_whole = started_[step.restart] == app_of(step.restart).instances;
        if (!is_whole && running(step.restart) < bounds_of(step.restart).least) {
            return fmt::format("too many old instances of {} stop", app_of(step.restart).id);
        }
        return std::nullopt;
    }

    std::optional<std::string> start(const RestartStep& step) {
        if (step.instance != now_.size() ||
            placed_[step.instance].app != scene_.restarts.at(step.restart).app) {
            return std::string("new instances start in another order");
        }
        now_.push_back(placed_[step.instance]);
        ++started_[step.restart];
        if (running(step.restart) > bounds_of(step.restart).most) {
            return fmt::format("too many instances of {} run", app_of(step.restart).id);
        }
        return std::nullopt;
    }

    /// Old and new instances at one time: old ones are as good as taken from what is left.
    std::optional<std::string> look() {
        std::optional<std::string> mistake;
        for (std::size_t i = 0; i < old_.size(); ++i) {
            for (const std::size_t index : old_[i]) {
                if (!occupy(app_of(i), scene_.restarts[i].instances[index])) {
                    mistake = fmt::format("an old instance of {} has no place", app_of(i).id);
                }
            }
        }
        if (!mistake) {
            // Old ones do not count for constraints, which are checked with the whole placing.
            mistake = check_moment(moment_, now_);
        }
        for (std::size_t i = changed_.size(); i-- > 0;) {
            moment_.cluster.pools[changed_[i].first] = changed_[i].second;
        }
        moment_.cluster.port_ranges.resize(scene_.facts.cluster.port_ranges.size());
        moment_.quotas = scene_.facts.quotas;
        changed_.clear();
        return mistake;
    }

    /// First of what is reserved for its role.
    bool occupy(const MarathonApp& app, const OldInstance& old) {
        auto missing = old.scalars;
        PortSet ports = old.ports;
        for (const bool is_reserved : {true, false}) {
            const AgentRow& row = moment_.cluster.agents.at(old.agent);
            for (std::uint32_t i = row.first_pool; i < row.first_pool + row.pool_count; ++i) {
                Pool& pool = moment_.cluster.pools[i];
                const ReservationStack& stack = moment_.cluster.stacks[pool.stack];
                const bool is_own = stack.roles.size() == 1 && stack.roles[0] == role_name(app) &&
                                    takes_reserved(app, moment_.workload.settings);
                const bool is_open =
                    stack.roles.empty() && takes_unreserved(app, moment_.workload.settings);
                if (!pool.is_plain() || !(is_reserved ? is_own : is_open)) {
                    continue;
                }
                if (pool.resource < scalar_count) {
                    Milli& amount = missing.at(pool.resource);
                    const Milli taken = std::min(amount, pool.left);
                    changed_.emplace_back(i, pool);
                    pool.left -= taken;
                    amount -= taken;
                    consume(stack.roles.empty() ? role_name(app) : "", pool.resource, taken);
                } else if (pool.resource == Resource::ports) {
                    changed_.emplace_back(i, pool);
                    occupy_ports(pool, ports);
                }
            }
        }
        return ports.is_empty() &&
               std::ranges::all_of(missing, [](Milli rest) { return rest == 0; });
    }

    [[nodiscard]] std::string role_name(const MarathonApp& app) const {
        return app.role.value_or(moment_.workload.settings.role);
    }

    void consume(std::string_view role, std::size_t resource, Milli amount) {
        for (RoleQuota& quota : moment_.quotas) {
            if (role.empty() || quota.role != role.substr(0, role.find('/'))) {
                continue;
            }
            for (auto& [name, consumed] : quota.consumed.scalars) {
                consumed += name == resource_names.at(resource) ? amount : 0;
            }
        }
    }

    void occupy_ports(Pool& pool, PortSet& ports) {
        PortSet left;
        for (const PortRange& range : moment_.cluster.ports_left(pool)) {
            left.add(range.begin, range.end);
        }
        PortSet rest = left;
        rest.remove(ports);
        PortSet taken = left;
        taken.remove(rest);
        ports.remove(taken);
        pool.left -= taken.count() * 1000;
        pool.first_range = static_cast<std::uint32_t>(moment_.cluster.port_ranges.size());
        pool.range_count = static_cast<std::uint32_t>(rest.ranges().size());
        moment_.cluster.port_ranges.insert(
            moment_.cluster.port_ranges.end(), rest.ranges().begin(), rest.ranges().end());
    }

    const PlanScene& scene_;
    std::span<const PlacedInstance> placed_;
    ClusterFacts moment_;
    std::vector<std::set<std::size_t>> old_{};  // that run, by restart
    std::vector<std::int64_t> started_{};       // by restart
    std::vector<PlacedInstance> now_{};
    std::vector<std::pair<std::uint32_t, Pool>> changed_{};  // as they were before
};

}  // namespace

std::optional<std::string> check_restarts(const PlanScene& scene,
                                          std::span<const PlacedInstance> placed,
                                          std::span<const RestartStep> steps) {
    return scene.restarts.empty() ? std::nullopt : StepChecker(scene, placed).check(steps);
}

}  // namespace caretaker
