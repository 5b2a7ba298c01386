// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/kafka_values.hpp"

#include <array>

namespace caretaker {

std::string_view to_string(KafkaFailure failure) {
    constexpr std::array<std::string_view, 8> words{"none",
                                                    "unknown_topic",
                                                    "no_leader",
                                                    "forbidden",
                                                    "timed_out",
                                                    "loading",
                                                    "unsupported",
                                                    "failed"};
    return words.at(static_cast<std::size_t>(failure));
}

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
