// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/constraint_fit_model.hpp"

#include "jobs/leftovers/division_model.hpp"
#include "jobs/leftovers/flow_fit_model.hpp"
#include "jobs/leftovers/grouping_fit_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace caretaker {

namespace {

bool caps_values(const Grouping& grouping) {
    return grouping.kind == GroupingKind::unique || grouping.kind == GroupingKind::max_per;
}

/// UNIQUE and MAX_PER of a field with another value on each agent.
bool caps_each_agent(const Grouping& grouping) {
    return grouping.column->is_unique && caps_values(grouping);
}

}  // namespace

ConstraintFit::ConstraintFit(const CompiledConstraints& constraints, const FitGround& ground)
    : constraints_(constraints),
      ground_(ground),
      instances_(ground.place_of.size()),
      is_refused_(ground.agents.size()) {
    for (const Grouping& grouping : constraints.groupings) {
        std::vector<std::uint32_t>& values = values_.emplace_back();
        for (const std::uint32_t agent : ground.agents) {
            values.push_back(grouping.column->values[agent]);
        }
    }
}

void ConstraintFit::begin(const InstancesByAgent& counted) {
    if (counted_ != nullptr) {
        for (const auto& [agent, count] : *counted_) {
            instances_[agent] = 0;
        }
    }
    counted_ = &counted;
    for (const auto& [agent, count] : counted) {
        instances_[agent] += count;
    }
    groups_.clear();
    for (std::size_t g = 0; g < constraints_.groupings.size(); ++g) {
        const Grouping& grouping = constraints_.groupings[g];
        if (!caps_each_agent(grouping)) {
            GroupState& group = groups_.emplace_back();
            group.grouping = &grouping;
            group.values = values_[g];
            group.counts = count_by_value(*grouping.column, counted);
            group.tally = tally_groups(group.counts);
        }
    }
}

ConstrainedFit ConstraintFit::fit(std::vector<std::int32_t>& room) const {
    for (const Grouping& grouping : constraints_.groupings) {
        if (caps_each_agent(grouping)) {
            cap_each_agent(grouping.number, room);
        }
    }
    ConstrainedFit fit;
    fit.fits = fit.most = std::accumulate(room.begin(), room.end(), std::int64_t{0});
    for (const GroupState& group : groups_) {
        const GroupedFit grouped = fit_grouping(*group.grouping, group.values, room, group.counts);
        fit.most = std::min(fit.most, grouped.most);
        fit.fits = std::min(fit.fits, grouped.fits);
        fit.is_order_dependent = fit.is_order_dependent || grouped.is_order_dependent;
    }
    if (groups_.size() == 2 && caps_values(*groups_[0].grouping) &&
        caps_values(*groups_[1].grouping)) {
        const auto field = [&](const GroupState& group) {
            return CappedField{group.grouping->number, group.values, group.counts};
        };
        fit.fits = fit.most = fit_two_fields(field(groups_[0]), field(groups_[1]), room);
        fit.is_order_dependent = fit.most > 1;
    } else if (groups_.size() > 1) {
        fit.fits = place_in_order(room, fit.most);
        fit.is_order_dependent = fit.most > 0;
    }
    return fit;
}

void ConstraintFit::cap_each_agent(std::int64_t most, std::vector<std::int32_t>& room) const {
    const auto cap = static_cast<std::int32_t>(std::min<std::int64_t>(most, most_on_agent));
    for (std::int32_t& number : room) {
        number = number < cap ? number : cap;
    }
    for (const auto& [agent, count] : *counted_) {
        const std::uint32_t place = ground_.place_of[agent];
        if (place != FitGround::nowhere) {
            room[place] = static_cast<std::int32_t>(
                std::clamp<std::int64_t>(most - instances_[agent], 0, room[place]));
        }
    }
}

/// What one order of offers places, agent after agent, under several constraints at once.
std::int64_t ConstraintFit::place_in_order(const std::vector<std::int32_t>& room,
                                           std::int64_t most) const {
    std::vector<GroupState> groups = groups_;
    std::vector<std::int32_t> rest = room;
    std::int64_t placed = 0;
    bool goes_on = true;
    while (goes_on && placed < most) {
        goes_on = false;
        for (std::size_t place = 0; place < rest.size() && placed < most; ++place) {
            const auto accepts = [&](const GroupState& group) {
                return accepts_now(*group.grouping, group.values[place], group.counts, group.tally);
            };
            if (rest[place] == 0 || !std::ranges::all_of(groups, accepts)) {
                continue;
            }
            --rest[place];
            ++placed;
            goes_on = true;
            for (GroupState& group : groups) {
                ++group.counts[group.values[place]];
                if (group.grouping->kind == GroupingKind::group_by || placed == 1) {
                    group.tally = tally_groups(group.counts);
                }
            }
        }
    }
    return placed;
}

std::string ConstraintFit::find_blocking(std::span<const std::int32_t> room) const {
    std::string blocking;
    for (const GroupState& group : groups_) {
        if (group.grouping->kind != GroupingKind::group_by || group.tally.groups == 0 ||
            group.tally.groups < group.grouping->number) {
            continue;
        }
        const FieldColumn& column = *group.grouping->column;
        std::vector<std::int64_t> free(column.names.size() + 1);
        for (std::size_t place = 0; place < room.size(); ++place) {
            free[std::min<std::size_t>(group.values[place], column.names.size())] += room[place];
        }
        for (std::uint32_t value = 0; value < column.names.size(); ++value) {
            if (group.counts[value] == group.tally.smallest && free[value] == 0) {
                blocking +=
                    fmt::format("{}{}={}",
                                blocking.empty() ? "" : ", ",
                                group.grouping->words.substr(0, group.grouping->words.find(' ')),
                                column.names.name(value));
            }
        }
    }
    return blocking;
}

std::vector<std::uint32_t> ConstraintFit::find_refused() {
    std::vector<std::uint32_t> refused;
    const auto add = [&](std::uint32_t place) {
        if (is_refused_[place] == 0) {
            is_refused_[place] = 1;
            refused.push_back(place);
        }
    };
    for (const Grouping& grouping : constraints_.groupings) {
        if (!caps_each_agent(grouping)) {
            continue;
        }
        for (const auto& [agent, count] : *counted_) {
            const std::uint32_t place = ground_.place_of[agent];
            if (place != FitGround::nowhere && instances_[agent] >= grouping.number) {
                add(place);
            }
        }
    }
    for (const GroupState& group : groups_) {
        std::vector<char> accepts;
        for (std::uint32_t value = 0; value < group.counts.size(); ++value) {
            accepts.push_back(accepts_now(*group.grouping, value, group.counts, group.tally) ? 1
                                                                                             : 0);
        }
        if (std::ranges::find(accepts, 0) == accepts.end()) {
            continue;
        }
        for (std::uint32_t place = 0; place < group.values.size(); ++place) {
            if (accepts[group.values[place]] == 0) {
                add(place);
            }
        }
    }
    for (const std::uint32_t place : refused) {
        is_refused_[place] = 0;
    }
    return refused;
}

bool ConstraintFit::is_accepted(std::uint32_t agent) const {
    const auto is_capped = [&](const Grouping& grouping) {
        return caps_each_agent(grouping) && instances_[agent] >= grouping.number;
    };
    const auto accepts = [&](const GroupState& group) {
        return accepts_now(
            *group.grouping, group.grouping->column->values[agent], group.counts, group.tally);
    };
    return std::ranges::none_of(constraints_.groupings, is_capped) &&
           std::ranges::all_of(groups_, accepts);
}

}  // namespace caretaker
