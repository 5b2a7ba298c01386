// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_row_filter.hpp"

#include "common/text/ascii.hpp"

#include <algorithm>

namespace caretaker {

namespace {

template <typename Status>
constexpr std::uint32_t bit(Status status) {
    return 1U << static_cast<std::uint32_t>(status);
}

/// Sets the bit of the status of that word.
template <typename Status>
void add_word(std::uint32_t& set, std::string_view word, Status last) {
    for (std::uint32_t i = 0; i <= static_cast<std::uint32_t>(last); ++i) {
        const auto status = static_cast<Status>(i);
        if (to_string(status) == word) {
            set |= bit(status);
        }
    }
}

bool has_lag(const std::optional<std::int64_t>& lag, const std::optional<std::int64_t>& least) {
    return !least || (lag && *lag >= *least);
}

}  // namespace

bool StatusSet::add(std::string_view word) {
    const std::string upper = ascii_upper(word);
    StatusSet found;
    add_word(found.partitions_, upper, LagStatus::unknown);
    add_word(found.groups_, upper, GroupStatus::not_judged);
    partitions_ |= found.partitions_;
    groups_ |= found.groups_;
    return !found.is_empty();
}

bool StatusSet::has(const PartitionVerdict& verdict) const {
    const bool is_error = verdict.weight == GroupStatus::err;
    return (partitions_ & bit(verdict.status)) != 0 ||
           (is_error && (groups_ & bit(GroupStatus::err)) != 0);
}

bool StatusSet::has(GroupStatus own, std::span<const PartitionVerdict> partitions) const {
    if ((groups_ & bit(own)) != 0) {
        return true;
    }
    // OK and WARN are told of the group as a whole.
    const std::uint32_t of_any = partitions_ & ~(bit(LagStatus::ok) | bit(LagStatus::warn));
    return of_any != 0 && std::ranges::any_of(partitions, [&](const PartitionVerdict& verdict) {
               return (of_any & bit(verdict.status)) != 0;
           });
}

std::string StatusSet::words() {
    std::string words;
    for (std::uint32_t i = 0; i <= static_cast<std::uint32_t>(LagStatus::unknown); ++i) {
        words.append(words.empty() ? "" : ", ").append(to_string(static_cast<LagStatus>(i)));
    }
    for (const GroupStatus status : {GroupStatus::err,
                                     GroupStatus::not_found,
                                     GroupStatus::expired,
                                     GroupStatus::not_judged}) {
        words.append(", ").append(to_string(status));
    }
    return words;
}

bool LagRowFilter::shows(const PartitionVerdict& verdict, const Lag& lag) const {
    return (statuses.is_empty() || statuses.has(verdict)) && has_lag(lag.lag, min_lag);
}

bool LagRowFilter::shows(GroupStatus own,
                         std::span<const PartitionVerdict> partitions,
                         const LagTotals& totals) const {
    return (statuses.is_empty() || statuses.has(own, partitions)) &&
           has_lag(totals.sum.lag, min_lag);
}

}  // namespace caretaker
