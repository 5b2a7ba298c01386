// SPDX-License-Identifier: Apache-2.0
// What kind of group each name is: the list of consumer groups joined with the description of all
// groups. Pure.
#pragma once

#include "common/kafka/kafka.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// A row of ListGroups, of the protocol types "consumer" and "" only. The authority on what exists.
struct ListedGroup {
    std::string name{};
    bool simple = false;  // protocol type "": commits only
    std::string state{};  // "Unknown" from brokers before 2.6
};

/// What the two calls gave. In `described` the kind is not set yet, and members_known says whether
/// all assignments could be read.
struct GroupAnswers {
    std::vector<ListedGroup> listed{};
    bool listing_complete = false;  // no broker failed to list its groups
    std::vector<ConsumerGroup> described{};
    std::optional<KafkaProblem> description_problem{};  // of the call as a whole
};

/// Which groups the caller wants.
struct WantedGroups {
    std::span<const std::string> named{};
    bool named_only = false;
};

/// One row a group, by name. A group that is listed but Dead in its description is one of the new
/// protocol, whose members the description does not show; one that is described as Dead and not
/// listed is a share group. Names wanted that neither call knows have kind unknown.
std::vector<ConsumerGroup> join_groups(GroupAnswers answers, const WantedGroups& wanted);

}  // namespace caretaker
