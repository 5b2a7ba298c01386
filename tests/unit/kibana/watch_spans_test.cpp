// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/watch_spans.hpp"

#include "jobs/kibana/kibana_coverage.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

WallTime at(std::int64_t ms) {
    return WallTime(milliseconds(ms));
}

WatchSpan span(std::int64_t begin, std::int64_t end) {
    return {at(begin), at(end)};
}

TEST(WatchSpans, JoinWhatTouches) {
    WatchSpans spans;
    spans.add(span(30, 40));
    spans.add(span(10, 20));
    spans.add(span(20, 25));
    EXPECT_EQ(spans.all(), (std::vector<WatchSpan>{span(10, 25), span(30, 40)}));
    spans.add(span(24, 31));
    EXPECT_EQ(spans.all(), (std::vector<WatchSpan>{span(10, 40)}));
    spans.add(span(5, 5));
    spans.add(span(9, 3));
    EXPECT_EQ(spans.all(), (std::vector<WatchSpan>{span(10, 40)}));
}

TEST(WatchSpans, CountWhatLiesInAWindow) {
    const std::vector<WatchSpan> parts{span(0, 10), span(20, 30)};
    const WatchSpans spans(parts);
    EXPECT_EQ(spans.covered(span(0, 30)).count(), 20);
    EXPECT_EQ(spans.covered(span(5, 25)).count(), 10);
    EXPECT_EQ(spans.covered(span(10, 20)).count(), 0);
    EXPECT_EQ(spans.covered(span(40, 50)).count(), 0);
    EXPECT_EQ(spans.end(), at(30));
    EXPECT_EQ(WatchSpans().end(), std::nullopt);
}

TEST(WatchSpans, ForgetOnBothSides) {
    const std::vector<WatchSpan> parts{span(0, 10), span(20, 30), span(40, 50)};
    WatchSpans spans(parts);
    spans.forget_before(at(5));
    spans.forget_from(at(45));
    EXPECT_EQ(spans.all(), (std::vector<WatchSpan>{span(5, 10), span(20, 30), span(40, 45)}));
    spans.forget_before(at(10));
    spans.forget_from(at(40));
    EXPECT_EQ(spans.all(), (std::vector<WatchSpan>{span(20, 30)}));
}

TEST(WatchSpans, DropWhatLiesBetween) {
    const std::vector<WatchSpan> parts{span(0, 10), span(20, 30)};
    WatchSpans spans(parts);
    spans.remove(span(10, 20));
    EXPECT_EQ(spans.all(), parts);
    spans.remove(span(2, 4));
    EXPECT_EQ(spans.all(), (std::vector<WatchSpan>{span(0, 2), span(4, 10), span(20, 30)}));
    spans.remove(span(5, 25));
    EXPECT_EQ(spans.all(), (std::vector<WatchSpan>{span(0, 2), span(4, 5), span(25, 30)}));
    spans.remove({WallTime::min(), at(1)});
    spans.remove({at(26), WallTime::max()});
    EXPECT_EQ(spans.all(), (std::vector<WatchSpan>{span(1, 2), span(4, 5), span(25, 26)}));
}

TEST(WatchSpans, RoundCoverageDown) {
    WatchSpans spans;
    spans.add(span(0, 999));
    EXPECT_EQ(watched_percent(spans, milliseconds(1'000), at(1'000)), 99);
    EXPECT_EQ(watched_percent(spans, milliseconds(0), at(1'000)), 0);
    EXPECT_EQ(watched_percent({}, milliseconds(1'000), at(1'000)), 0);
}

}  // namespace
}  // namespace caretaker
