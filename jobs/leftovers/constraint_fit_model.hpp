// SPDX-License-Identifier: Apache-2.0
// What constraints that depend on where instances are leave of the room that agents have. Pure.
#pragma once

#include "jobs/leftovers/constraint_model.hpp"
#include "jobs/leftovers/fit_ground_model.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

struct ConstrainedFit {
    std::int64_t fits = 0;            // at least
    std::int64_t most = 0;            // equal to `fits` where it is exact
    bool is_order_dependent = false;  // another order of offers may place more, or fewer
};

/// Over one ground, for one app after the other of those with these constraints.
class ConstraintFit {
 public:
    ConstraintFit(const CompiledConstraints& constraints, const FitGround& ground);

    /// The next app, with those of its instances that constraints count.
    void begin(const InstancesByAgent& counted);

    /// `room` is by place; where a constraint caps each agent, less is left of it.
    ConstrainedFit fit(std::vector<std::int32_t>& room) const;

    /// The values for whose sake GROUP_BY takes no instance anywhere, with `room` by place:
    /// "rack=a"; empty where there are none.
    [[nodiscard]] std::string find_blocking(std::span<const std::int32_t> room) const;

    /// Places that take none because of where instances are, in no order.
    std::vector<std::uint32_t> find_refused();

    /// The same of any agent that has what the constraints ask for.
    [[nodiscard]] bool is_accepted(std::uint32_t agent) const;

 private:
    /// The counted instances for a grouping that is more than a cap on each agent.
    struct GroupState {
        const Grouping* grouping = nullptr;
        std::span<const std::uint32_t> values;  // by place
        std::vector<std::int64_t> counts{};
        GroupTally tally{};
    };

    void cap_each_agent(std::int64_t most, std::vector<std::int32_t>& room) const;
    [[nodiscard]] std::int64_t place_in_order(const std::vector<std::int32_t>& room,
                                              std::int64_t most) const;

    const CompiledConstraints& constraints_;
    const FitGround& ground_;
    std::vector<std::vector<std::uint32_t>> values_{};  // by grouping and place
    // Of the app at hand:
    const InstancesByAgent* counted_ = nullptr;
    std::vector<std::int32_t> instances_;  // counted ones by agent
    std::vector<GroupState> groups_{};
    std::vector<char> is_refused_;  // by place; clean between two questions
};

}  // namespace caretaker
