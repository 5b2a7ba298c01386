// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/time_spans.hpp"

#include <algorithm>

namespace caretaker {

TimeSpans::TimeSpans(std::span<const TimeSpan> spans) {
    for (const TimeSpan& span : spans) {
        add(span);
    }
}

void TimeSpans::add(TimeSpan span) {
    if (span.begin >= span.end) {
        return;
    }
    const auto first = std::ranges::lower_bound(spans_, span.begin, {}, &TimeSpan::end);
    auto last = first;
    while (last != spans_.end() && last->begin <= span.end) {
        span.begin = std::min(span.begin, last->begin);
        span.end = std::max(span.end, last->end);
        ++last;
    }
    spans_.insert(spans_.erase(first, last), span);
}

void TimeSpans::add(const TimeSpans& others) {
    for (const TimeSpan& span : others.spans_) {
        add(span);
    }
}

void TimeSpans::forget_before(WallTime time) {
    std::erase_if(spans_, [&](const TimeSpan& span) { return span.end <= time; });
    if (!spans_.empty()) {
        spans_.front().begin = std::max(spans_.front().begin, time);
    }
}

void TimeSpans::forget_from(WallTime time) {
    std::erase_if(spans_, [&](const TimeSpan& span) { return span.begin >= time; });
    if (!spans_.empty()) {
        spans_.back().end = std::min(spans_.back().end, time);
    }
}

std::chrono::milliseconds TimeSpans::covered(TimeSpan window) const {
    std::chrono::milliseconds sum{0};
    for (const TimeSpan& span : spans_) {
        const WallTime begin = std::max(span.begin, window.begin);
        const WallTime end = std::min(span.end, window.end);
        sum += std::max(end - begin, std::chrono::milliseconds(0));
    }
    return sum;
}

std::optional<WallTime> TimeSpans::end() const {
    return spans_.empty() ? std::nullopt : std::optional(spans_.back().end);
}

}  // namespace caretaker
