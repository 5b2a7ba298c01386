// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/kafka.hpp"

namespace caretaker {

TopicId TopicNames::intern(std::string_view name) {
    if (const auto known = ids_.find(name); known != ids_.end()) {
        return known->second;
    }
    const auto id = static_cast<TopicId>(names_.size());
    names_.emplace_back(name);
    ids_.emplace(name, id);
    return id;
}

std::optional<TopicId> TopicNames::find(std::string_view name) const {
    const auto known = ids_.find(name);
    return known == ids_.end() ? std::nullopt : std::optional(known->second);
}

}  // namespace caretaker
