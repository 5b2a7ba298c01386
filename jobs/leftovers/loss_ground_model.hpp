// SPDX-License-Identifier: Apache-2.0
// The agents and apps of a cluster, ready for placing what agents leave that go away. Pure.
#pragma once

#include "jobs/leftovers/agent_load_model.hpp"
#include "jobs/leftovers/app_needs_model.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/constraint_model.hpp"
#include "jobs/leftovers/fit_ground_model.hpp"
#include "jobs/leftovers/fit_views_model.hpp"
#include "jobs/leftovers/instance_model.hpp"
#include "jobs/leftovers/role_view_model.hpp"
#include "jobs/leftovers/value_counts_model.hpp"
#include "jobs/leftovers/workload.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace caretaker {

/// An app, ready to be placed.
struct AppPlan {
    const MarathonApp* app = nullptr;
    Needs needs{};
    const RoleView* view = nullptr;
    const CompiledConstraints* constraints = nullptr;
    std::vector<ValueCounts> counts{};        // of its groupings
    std::vector<std::uint32_t> candidates{};  // the fullest agents with room, if looked for
    /// The first grouping over few values, for each of which there are candidates; none: one list.
    std::optional<std::size_t> spread{};
    std::vector<char> has_more{};    // by value, or of the one list: there are more than those
    bool is_on_every_agent = false;  // by a constraint: losing an agent loses an instance
    bool meets_other_roles = false;  // some other app may take of other stacks
    std::int64_t size = 0;           // dominant share of the cluster, in millionths of millionths
};

/// Amounts that instances took of an agent in the case at hand.
struct Taken {
    std::array<Milli, scalar_count> scalars{};
    PortSet static_ports{};
    std::int32_t ports = 0;

    /// The same by who took, where apps of several roles meet.
    struct Share {
        const RoleView* view = nullptr;
        std::array<Milli, scalar_count> scalars{};
    };

    std::vector<Share> shares{};

    void add(const AppPlan& app) { change(app, app.needs, 1); }

    void remove(const AppPlan& app) { change(app, app.needs, -1); }

    /// An instance of the app with other needs, as one of an older definition; `sign` is 1 or -1.
    void change(const AppPlan& app, const Needs& needs, std::int64_t sign);
};

/// Made once for a cluster.
struct LossGround {
    LossGround(const ClusterFacts& the_facts,
               const Workload& the_workload,
               const std::vector<Instances>& placed);
    ~LossGround() = default;
    LossGround(const LossGround&) = delete;  // plans look into it
    LossGround& operator=(const LossGround&) = delete;

    /// Whether instances of that app are placed before those of another: the larger ones first.
    [[nodiscard]] bool comes_first(std::uint32_t app, std::uint32_t other) const {
        return plans[app].size != plans[other].size ? plans[app].size > plans[other].size
                                                    : app < other;
    }

    /// Fills the candidates of all plans, for those who look for the fullest agent.
    void find_candidates();

    /// What was placed already when cases begin stays: instances of draining agents. Afterwards
    /// `placed` is where all instances are.
    void keep(std::vector<std::pair<std::uint32_t, Taken>> taken,
              const std::vector<Instances>& placed);

    /// Of an agent on which something was kept; else null.
    [[nodiscard]] const Taken* kept(std::uint32_t agent) const {
        return kept_of_.empty() || kept_of_[agent] == 0 ? nullptr : &kept_[kept_of_[agent] - 1];
    }

    /// By what does not depend on instances, beside what was taken already; null: what was kept.
    [[nodiscard]] bool has_room(const AppPlan& app, std::uint32_t agent, const Taken* taken) const;

    /// By its constraints that depend on instances, with the counts as they stand.
    [[nodiscard]] static bool is_accepted(const AppPlan& app, std::uint32_t agent);

    /// Whether an agent beyond the candidates may be accepted with the counts as they stand.
    [[nodiscard]] static bool may_find_more(const AppPlan& app);

    /// As emptiness_of, less what was taken.
    [[nodiscard]] std::int64_t emptiness_with(std::uint32_t agent, const Taken& taken) const;

    const ClusterFacts& facts;
    const Workload& workload;
    FieldColumns columns;
    RoleView open;                               // for apps of the role *
    std::vector<std::array<Milli, 3>> totals{};  // cpus, mem, disk by agent
    std::array<Milli, 3> cluster_totals{};
    std::int64_t placeable = 0;
    std::vector<std::uint32_t> order{};        // agents, the fullest first
    std::vector<std::int64_t> emptiness_of{};  // free shares of cpus, mem and disk, added
    std::vector<std::int64_t> residents{};     // by agent
    std::vector<char> is_dead{};               // in the case at hand, by agent
    std::vector<char> is_filled{};             // the same: something was placed there
    std::vector<AppPlan> plans{};              // by app
    AgentLoads movable{};                      // the largest apps first, as `comes_first` has them
    AgentLoads counted{};                      // by constraints

 private:
    void plan(const std::vector<Instances>& placed);
    void load(const std::vector<Instances>& placed);
    [[nodiscard]] AppPlan plan(const MarathonApp& app,
                               const JudgedView& view,
                               const CompiledConstraints& constraints,
                               const InstancesByAgent& instances) const;
    void find_candidates(const FitGround& ground, AppPlan& app) const;
    [[nodiscard]] std::vector<std::array<Milli, 3>> totals_of_agents();
    void order_by_emptiness();
    [[nodiscard]] bool has_amount(const AppPlan& app,
                                  std::uint32_t agent,
                                  const Taken& taken,
                                  std::size_t resource) const;

    FitViews views_;
    std::deque<CompiledConstraints> constraints_{};  // of apps that are alike
    std::vector<std::uint32_t> kept_of_{};           // by agent, one more than in `kept_`; 0: none
    std::vector<Taken> kept_{};
};

}  // namespace caretaker
