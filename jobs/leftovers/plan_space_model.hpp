// SPDX-License-Identifier: Apache-2.0
// What is left of a cluster while instances are placed, one after the other. Pure.
#pragma once

#include "jobs/leftovers/loss_ground_model.hpp"
#include "jobs/leftovers/plan_scene_model.hpp"
#include "jobs/leftovers/quota_model.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace caretaker {

/// Places under the rules of Fits, a little stricter where roles meet: what an app takes counts for
/// every role, and for its quota as if nothing of it came out of a reservation.
class PlanSpace {
 public:
    explicit PlanSpace(LossGround& ground);

    /// By what does not depend on where instances of the app are.
    [[nodiscard]] bool has_room(std::uint32_t app, std::uint32_t agent) const {
        return ground_.has_room(
            plan(app), agent, is_touched_[agent] != 0 ? &taken_[agent] : nullptr);
    }

    [[nodiscard]] bool is_accepted(std::uint32_t app, std::uint32_t agent) const {
        return LossGround::is_accepted(ground_.plans[app], agent);
    }

    /// Whether the quota of its role allows one more of the app.
    [[nodiscard]] bool has_budget(std::uint32_t app) const;

    /// What the quota leaves to the role of the app, before anything is taken; null: as much as
    /// there is.
    [[nodiscard]] const QuotaBudget* budget_of(std::uint32_t app) const;

    void take(std::uint32_t app, std::uint32_t agent) { change(app, agent, 1); }

    void give_back(std::uint32_t app, std::uint32_t agent) { change(app, agent, -1); }

    /// What an instance of an older definition of the app has, which constraints do not count.
    void hold(std::uint32_t app, const OldInstance& old) { change(app, old, 1); }

    void release(std::uint32_t app, const OldInstance& old) { change(app, old, -1); }

    /// Free less needed, as a share of the agent, over cpus, mem, and what else the app needs of
    /// disk and gpus; smaller is a better fit.
    [[nodiscard]] std::int64_t residual(std::uint32_t app, std::uint32_t agent) const;

    /// As Cluster::agents.
    [[nodiscard]] const Taken& taken(std::uint32_t agent) const { return taken_[agent]; }

    [[nodiscard]] const LossGround& ground() const { return ground_; }

    [[nodiscard]] const AppPlan& plan(std::uint32_t app) const { return ground_.plans[app]; }

 private:
    /// What a top-level role draws, and what it may.
    struct Draw {
        QuotaBudget own{};     // left of its limit and of what is free
        QuotaBudget common{};  // free less what is held back from it
        std::array<Milli, scalar_count> drawn{};
    };

    [[nodiscard]] bool draws(std::uint32_t app) const;
    [[nodiscard]] const std::string& role_of(std::uint32_t app) const;
    void change(std::uint32_t app, std::uint32_t agent, std::int64_t sign);
    void change(std::uint32_t app, const OldInstance& old, std::int64_t sign);
    void change(std::uint32_t app, std::uint32_t agent, const Needs& needs, std::int64_t sign);

    LossGround& ground_;
    std::vector<Taken> taken_;
    std::vector<char> is_touched_;
    std::map<std::string, Draw, std::less<>> draws_{};
    std::array<Milli, scalar_count> drawn_{};
};

}  // namespace caretaker
