// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/watch_spans.hpp"

#include <algorithm>
#include <utility>

namespace caretaker {

WatchSpans::WatchSpans(std::span<const WatchSpan> spans) {
    for (const WatchSpan& span : spans) {
        add(span);
    }
}

void WatchSpans::add(WatchSpan span) {
    if (span.begin >= span.end) {
        return;
    }
    const auto first = std::ranges::lower_bound(spans_, span.begin, {}, &WatchSpan::end);
    auto last = first;
    while (last != spans_.end() && last->begin <= span.end) {
        span.begin = std::min(span.begin, last->begin);
        span.end = std::max(span.end, last->end);
        ++last;
    }
    spans_.insert(spans_.erase(first, last), span);
}

void WatchSpans::add(const WatchSpans& others) {
    for (const WatchSpan& span : others.spans_) {
        add(span);
    }
}

void WatchSpans::forget_before(WallTime time) {
    std::erase_if(spans_, [&](const WatchSpan& span) { return span.end <= time; });
    if (!spans_.empty()) {
        spans_.front().begin = std::max(spans_.front().begin, time);
    }
}

void WatchSpans::forget_from(WallTime time) {
    std::erase_if(spans_, [&](const WatchSpan& span) { return span.begin >= time; });
    if (!spans_.empty()) {
        spans_.back().end = std::min(spans_.back().end, time);
    }
}

void WatchSpans::remove(WatchSpan span) {
    std::vector<WatchSpan> left;
    for (const WatchSpan& one : spans_) {
        for (const WatchSpan& part : {WatchSpan{one.begin, std::min(one.end, span.begin)},
                                      WatchSpan{std::max(one.begin, span.end), one.end}}) {
            if (part.begin < part.end) {
                left.push_back(part);
            }
        }
    }
    spans_ = std::move(left);
}

std::chrono::milliseconds WatchSpans::covered(WatchSpan window) const {
    std::chrono::milliseconds sum{0};
    for (const WatchSpan& span : spans_) {
        const WallTime begin = std::max(span.begin, window.begin);
        const WallTime end = std::min(span.end, window.end);
        sum += std::max(end - begin, std::chrono::milliseconds(0));
    }
    return sum;
}

std::optional<WallTime> WatchSpans::end() const {
    return spans_.empty() ? std::nullopt : std::optional(spans_.back().end);
}

}  // namespace caretaker
