// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/group_listing.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace caretaker {

namespace {

bool is_dead(const ConsumerGroup& described) {
    return described.state == "Dead" && described.members.empty();
}

GroupKind kind_of_protocol(const ConsumerGroup& described) {
    if (described.protocol_type == "consumer") {
        return GroupKind::classic;
    }
    if (described.protocol_type.empty()) {
        return described.state == "Empty" ? GroupKind::simple : GroupKind::classic;
    }
    return GroupKind::other;
}

/// Brokers tell assignments of stable groups only; while a group rebalances its owners are unknown.
bool shows_owners(const ConsumerGroup& described) {
    return described.state == "Stable" || described.state == "Empty" || described.state == "Dead";
}

/// Completes the description of a group that is not listed.
void complete_unlisted(ConsumerGroup& group, bool listing_complete) {
    if (group.problem || is_dead(group)) {
        group.members_known = false;
    }
    if (group.problem) {
        return;
    }
    if (is_dead(group)) {
        // Without a complete list it may as well be a group of the new protocol.
        group.kind = listing_complete ? GroupKind::share : GroupKind::unknown;
        return;
    }
    group.kind = kind_of_protocol(group);
    group.members_known = group.members_known && shows_owners(group);
}

/// Completes the description of a group that is listed.
void complete_listed(ConsumerGroup& group, const ListedGroup& listed) {
    if (listed.simple) {
        group.kind = GroupKind::simple;
        group.members_known = !group.problem;
        group.state = group.state.empty() || is_dead(group) ? listed.state : group.state;
    } else if (group.problem) {
        group.members_known = false;
        group.state = listed.state;
    } else if (is_dead(group)) {
        group.kind = GroupKind::consumer;
        group.members_known = false;
        group.state = listed.state;
    } else {
        group.kind = kind_of_protocol(group);
        group.members_known = group.members_known && shows_owners(group);
    }
}

ConsumerGroup make_undescribed(const ListedGroup& listed,
                               const std::optional<KafkaProblem>& description_problem) {
    ConsumerGroup group{.name = listed.name, .state = listed.state};
    if (listed.simple) {
        group.kind = GroupKind::simple;
        group.members_known = listed.state == "Empty";
        return group;
    }
    group.problem = description_problem
                        ? description_problem
                        : KafkaProblem{.failure = KafkaFailure::failed,
                                       .text = "listed by a broker, but described by none"};
    return group;
}

/// Of two descriptions under one name (a group that moved meanwhile) the one that says more.
bool says_more(const ConsumerGroup& group, const ConsumerGroup& than) {
    const auto rank = [](const ConsumerGroup& g) {
        return std::pair(!g.problem.has_value(), !is_dead(g));
    };
    return rank(group) > rank(than);
}

}  // namespace

std::vector<ConsumerGroup> join_groups(GroupAnswers answers, const WantedGroups& wanted) {
    std::map<std::string, ConsumerGroup, std::less<>> described;
    for (auto& group : answers.described) {
        const auto [row, is_new] = described.try_emplace(group.name);
        if (is_new || says_more(group, row->second)) {
            row->second = std::move(group);
        }
    }
    std::map<std::string, const ListedGroup*, std::less<>> listed;
    for (const auto& group : answers.listed) {
        const auto [row, is_new] = listed.try_emplace(group.name, &group);
        if (!is_new && row->second->state == "Unknown") {
            row->second = &group;
        }
    }
    for (auto& [name, group] : described) {
        if (const auto row = listed.find(name); row != listed.end()) {
            complete_listed(group, *row->second);
        } else {
            complete_unlisted(group, answers.listing_complete);
        }
    }
    for (const auto& [name, row] : listed) {
        if (!described.contains(name)) {
            described.emplace(name, make_undescribed(*row, answers.description_problem));
        }
    }
    std::map<std::string, ConsumerGroup, std::less<>> result;
    for (const auto& name : wanted.named) {
        auto row = described.extract(name);
        result.emplace(name, row ? std::move(row.mapped()) : ConsumerGroup{.name = name});
    }
    if (!wanted.named_only) {
        result.merge(described);
    }
    std::vector<ConsumerGroup> groups;
    groups.reserve(result.size());
    for (auto& [name, group] : result) {
        groups.push_back(std::move(group));
    }
    return groups;
}

}  // namespace caretaker
