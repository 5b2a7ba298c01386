// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/value_counts_model.hpp"

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::size_t few_values = 256;

}  // namespace

ValueCounts::ValueCounts(const FieldColumn& column, const InstancesByAgent& instances)
    : size_(column.names.size() + 1) {
    if (size_ <= few_values || size_ * sizeof(Count) <= instances.size() * sizeof(Entry)) {
        dense_.resize(size_);
        for (const auto& [agent, number] : instances) {
            add(column.values[agent], number);
        }
        return;
    }
    sparse_.reserve(instances.size());
    for (const auto& [agent, number] : instances) {
        const std::size_t value = std::min<std::size_t>(column.values[agent], size_ - 1);
        sparse_.emplace_back(static_cast<std::uint32_t>(value), number);
    }
    std::ranges::sort(sparse_);
    std::size_t kept = 0;
    for (const Entry& entry : sparse_) {
        if (kept > 0 && sparse_[kept - 1].first == entry.first) {
            sparse_[kept - 1].second += entry.second;
        } else {
            sparse_[kept++] = entry;
        }
    }
    sparse_.resize(kept);
}

std::int64_t ValueCounts::at(std::size_t value) const {
    if (!dense_.empty()) {
        return dense_[value];
    }
    const auto known = std::ranges::lower_bound(sparse_, value, {}, &Entry::first);
    return known != sparse_.end() && known->first == value ? known->second : 0;
}

void ValueCounts::add(std::size_t value, std::int64_t by) {
    value = std::min(value, size_ - 1);
    tally_.reset();
    if (!dense_.empty()) {
        dense_[value] += static_cast<Count>(by);
        return;
    }
    auto known = std::ranges::lower_bound(sparse_, value, {}, &Entry::first);
    if (known == sparse_.end() || known->first != value) {
        known = sparse_.insert(known, {static_cast<std::uint32_t>(value), 0});
    }
    known->second += static_cast<Count>(by);
}

const GroupTally& ValueCounts::tally() const {
    if (!tally_) {
        tally_ = count_groups();
    }
    return *tally_;
}

GroupTally ValueCounts::count_groups() const {
    GroupTally tally;
    const auto take = [&](std::size_t value, std::int64_t count) {
        if (count > 0) {
            tally.first = tally.groups == 0 ? value : tally.first;
            tally.smallest = tally.groups == 0 ? count : std::min(tally.smallest, count);
            ++tally.groups;
        }
    };
    for (std::size_t value = 0; value < dense_.size(); ++value) {
        take(value, dense_[value]);
    }
    for (const auto& [value, count] : sparse_) {
        take(value, count);
    }
    return tally;
}

}  // namespace caretaker
