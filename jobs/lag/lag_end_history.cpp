// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_end_history.hpp"

#include <algorithm>

namespace caretaker {

namespace {

/// The gap between two ends is at most the younger one's age divided by this.
constexpr std::int64_t fineness = 4;

/// Takes out what lies in the middle of a stretch that is short for its age.
void thin(std::vector<LogEnd>& ends, const EndRules& rules) {
    const std::int64_t now_ms = ends.back().at_ms;
    const auto recent = static_cast<std::size_t>(std::max<std::int64_t>(rules.intervals, 2));
    if (ends.size() <= recent) {
        return;
    }
    const std::size_t old = ends.size() - recent;  // ends[old] and later ones all stay
    std::size_t kept = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const bool is_middle = kept > 0 && i < old;
        if (is_middle) {
            const std::int64_t gap = ends[i + 1].at_ms - ends[kept - 1].at_ms;
            if (gap <= (now_ms - ends[i + 1].at_ms) / fineness) {
                continue;
            }
        }
        ends[kept++] = ends[i];
    }
    ends.resize(kept);
}

}  // namespace

void add_end(std::vector<LogEnd>& ends, const LogEnd& seen, const EndRules& rules) {
    if (!ends.empty() && (seen.offset < ends.back().offset || seen.at_ms <= ends.back().at_ms)) {
        ends.clear();
    }
    const std::size_t count = ends.size();
    if (count >= 2 && ends[count - 1].offset == seen.offset &&
        ends[count - 2].offset == seen.offset) {
        ends.back().at_ms = seen.at_ms;
    } else {
        ends.push_back(seen);
    }
    std::erase_if(ends,
                  [&](const LogEnd& end) { return seen.at_ms - end.at_ms > rules.max_age_ms; });
    thin(ends, rules);
}

void EndList::clear() {
    entries_.clear();
    ends_.clear();
}

void EndList::add(std::int32_t partition, std::span<const LogEnd> ends) {
    entries_.push_back({partition, ends_.size(), ends.size()});
    ends_.insert(ends_.end(), ends.begin(), ends.end());
}

std::span<LogEnd> EndList::add(std::int32_t partition, std::size_t count) {
    entries_.push_back({partition, ends_.size(), count});
    ends_.resize(ends_.size() + count);
    return std::span(ends_).last(count);
}

std::span<const LogEnd> EndList::find(std::int32_t partition) const {
    const auto found = std::ranges::lower_bound(entries_, partition, {}, &Entry::partition);
    if (found == entries_.end() || found->partition != partition) {
        return {};
    }
    return std::span(ends_).subspan(found->begin, found->count);
}

}  // namespace caretaker
