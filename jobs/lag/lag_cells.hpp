// SPDX-License-Identifier: Apache-2.0
// Cells that several views of lag have in common.
#pragma once

#include "common/base/table_columns.hpp"
#include "common/text/duration.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_status.hpp"

#include <chrono>
#include <string>

namespace caretaker {

/// Kafka's word for the state of the group, or that there is no such group.
inline Cell group_state(const GroupLag& group) {
    if (group.reading == GroupReading::not_found) {
        return "NotFound";
    }
    return non_empty(group.group.state);
}

/// What the group is; other protocols by their own names, e.g. "connect".
inline Cell group_kind(const ConsumerGroup& group) {
    switch (group.kind) {
        case GroupKind::unknown:
            return {};
        case GroupKind::classic:
            return "classic";
        case GroupKind::simple:
            return "simple";
        case GroupKind::consumer:
            return "consumer";
        case GroupKind::share:
            return "share";
        case GroupKind::other:
            break;
    }
    return group.protocol_type.empty() ? "other" : group.protocol_type;
}

inline Cell status_word(GroupStatus status) {
    return std::string(to_string(status));
}

inline Cell member_count(const ConsumerGroup& group) {
    return group.members_known ? Cell(std::ssize(group.members)) : Cell();
}

/// "2m 30s", or ">1h" for what is at least so long.
template <typename Verdict>
Cell time_lag_words(const Verdict& verdict) {
    if (verdict.time_lag_ms == PartitionVerdict::no_time) {
        return {};
    }
    return (verdict.time_is_least ? ">" : "") +
           format_duration(std::chrono::milliseconds(verdict.time_lag_ms));
}

template <typename Verdict>
Cell time_lag_ms(const Verdict& verdict) {
    return non_negative(verdict.time_lag_ms);
}

template <typename Verdict>
Cell time_lag_is_least(const Verdict& verdict) {
    return verdict.time_lag_ms == PartitionVerdict::no_time ? Cell() : Cell(verdict.time_is_least);
}

}  // namespace caretaker
