// SPDX-License-Identifier: Apache-2.0
// The agents and apps of a cluster, ready for placing what agents leave that go away. Pure.
#pragma once

#include "jobs/leftovers/app_needs_model.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/constraint_model.hpp"
#include "jobs/leftovers/role_view_model.hpp"
#include "jobs/leftovers/workload.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// An app, ready to be placed.
struct AppPlan {
    const MarathonApp* app = nullptr;
    Needs needs{};
    std::size_t view = 0;  // in LossGround::views
    CompiledConstraints constraints{};
    std::vector<std::vector<std::int64_t>> counts{};  // of its groupings
    std::vector<std::uint32_t> candidates{};          // the fullest agents with room
    /// The first grouping over few values, for each of which there are candidates; none: one list.
    std::optional<std::size_t> spread{};
    std::vector<char> has_more{};  // by value, or of the one list: there are more than those
    bool is_planned = false;
    bool is_on_every_agent = false;  // by a constraint: losing an agent loses an instance
    std::int64_t size = 0;           // dominant share of the cluster, in millionths of millionths
};

/// Amounts that instances took in the case at hand.
struct Taken {
    std::array<Milli, scalar_count> scalars{};
    PortSet static_ports{};
    std::int32_t ports = 0;
};

/// Made once for a cluster; apps are planned when one of their instances is first displaced.
struct LossGround {
    LossGround(const ClusterFacts& the_facts, const Workload& the_workload);
    ~LossGround() = default;
    LossGround(const LossGround&) = delete;  // plans look into `columns`
    LossGround& operator=(const LossGround&) = delete;

    AppPlan& plan(std::uint32_t app);

    /// By what does not depend on instances, beside what was taken already; null: nothing.
    [[nodiscard]] bool has_room(const AppPlan& app,
                                const RoleView& view,
                                std::uint32_t agent,
                                const Taken* taken) const;

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
    std::vector<std::vector<std::pair<std::uint32_t, std::int64_t>>> movable{};  // app, number
    std::vector<std::vector<std::pair<std::uint32_t, std::int32_t>>> counted{};  // by app
    std::vector<AppPlan> plans{};
    std::vector<RoleView> views{};
    std::map<std::pair<std::string, AcceptedRoles>, std::size_t> view_ids{};

 private:
    void find_candidates(AppPlan& app, const RoleView& view) const;
    [[nodiscard]] std::vector<std::array<Milli, 3>> totals_of_agents();
    const RoleView& view_of(const MarathonApp& app, std::size_t& index);
};

}  // namespace caretaker
