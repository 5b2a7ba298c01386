// SPDX-License-Identifier: Apache-2.0
// Windows as bytes: what goes in comes out, in few bytes, and wrong bytes are no windows.
#include "jobs/lag/lag_window_codec.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Points = std::vector<CommitPoint>;

constexpr std::int64_t now_ms = 1'790'000'000'000;
constexpr std::int64_t intervals = 10;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

std::string pack(const WindowList& windows) {
    std::string bytes;
    pack_windows(windows, intervals, bytes);
    return bytes;
}

void expect_same(const WindowList& a, const WindowList& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a.at(i).state, b.at(i).state) << i;
        EXPECT_EQ(Points(a.at(i).points.begin(), a.at(i).points.end()),
                  Points(b.at(i).points.begin(), b.at(i).points.end()))
            << i;
    }
}

WindowList caught_up(std::int32_t partitions) {
    WindowList windows;
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
        windows.add({.partition = partition, .runs = intervals},
                    Points{{4'000'000'000 + partition, now_ms, 0}});
    }
    return windows;
}

TEST(LagWindowCodec, GivesBackWhatItTook) {
    WindowList windows;
    windows.add({.partition = 0, .runs = intervals}, Points{{5, now_ms, 0}});
    windows.add({.partition = 1, .runs = 3, .runs_no_commit = 2}, Points{});
    windows.add({.partition = 7, .runs = 1, .was_ahead = true, .was_owned = true},
                Points{{9, now_ms - 70'000, 4}, {3, now_ms - 10'000, std::nullopt}});
    windows.add({.partition = 8, .runs = intervals, .early_points = 9, .early_s = 540},
                Points{{10, now_ms, 0}});
    windows.add({.partition = 9,
                 .runs = intervals,
                 .early_points = 1,
                 .early_s = std::numeric_limits<std::uint32_t>::max()},
                Points{{10, now_ms, 0}});
    windows.add({.partition = std::numeric_limits<std::int32_t>::max(), .runs = 65'535},
                Points{{0, 0, most - 1}, {most, 1, 0}, {0, now_ms, 1}});
    WindowList out;
    EXPECT_TRUE(unpack_windows(pack(windows), intervals, out));
    expect_same(windows, out);
}

TEST(LagWindowCodec, TakesFewBytesForWhatIsCaughtUp) {
    EXPECT_LE(pack(caught_up(1'000)).size(), 8'300U);
    WindowList each_minute;
    for (std::int32_t partition = 0; partition < 1'000; ++partition) {
        each_minute.add(
            {.partition = partition, .runs = intervals, .early_points = 9, .early_s = 540},
            Points{{4'000'000'000 + partition, now_ms, 0}});
    }
    EXPECT_LE(pack(each_minute).size(), 11'300U);
}

TEST(LagWindowCodec, ReadsWindowsWithoutEarlyPoints) {
    const std::string version_1("\1\x64\1\0\x06\0\1", 7);  // seen at 100 ms, offset 3, lag 0
    WindowList out;
    ASSERT_TRUE(unpack_windows(version_1, intervals, out));
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out.at(0).state, (WindowState{.partition = 0, .runs = intervals}));
    EXPECT_EQ(Points(out.at(0).points.begin(), out.at(0).points.end()), (Points{{3, 100, 0}}));
    const std::string next("\1\x64\1\x20\x06\0\1", 7);
    ASSERT_TRUE(unpack_windows(next, intervals, out));
    EXPECT_EQ(out.at(0).state.partition, 1) << "32 is a distance of one there";
}

TEST(LagWindowCodec, ReadsWindowsWithoutFindings) {
    const std::string version_2("\2\x64\1\x40\x06\0\1", 7);  // as above, a distance of one
    WindowList out;
    ASSERT_TRUE(unpack_windows(version_2, intervals, out));
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out.at(0).state.partition, 1) << "64 is a distance of one there";
    EXPECT_EQ(out.at(0).state.finding, LagStatus::ok);
}

TEST(LagWindowCodec, GivesBackWhatTheLastRunFound) {
    WindowList windows;
    windows.add({.partition = 0, .runs = intervals, .finding = LagStatus::lost, .lost = most},
                Points{{5, now_ms, 0}});
    std::int32_t partition = 1;
    for (const LagStatus finding :
         {LagStatus::ahead, LagStatus::no_topic, LagStatus::no_leader, LagStatus::unknown}) {
        windows.add({.partition = partition++, .runs = 2, .finding = finding}, Points{});
    }
    WindowList out;
    ASSERT_TRUE(unpack_windows(pack(windows), intervals, out));
    expect_same(out, windows);
}

TEST(LagWindowCodec, KnowsNoWindowsToo) {
    WindowList out = caught_up(1);
    EXPECT_TRUE(unpack_windows(pack({}), intervals, out));
    EXPECT_TRUE(out.empty());
}

TEST(LagWindowCodec, TakesOtherBytesForNothing) {
    const std::string good = pack(caught_up(3));
    WindowList out;
    const auto is_good = [&](const std::string& bytes) {
        out = caught_up(1);
        const bool result = unpack_windows(bytes, intervals, out);
        EXPECT_EQ(out.empty(), !result);
        return result;
    };
    EXPECT_TRUE(is_good(good));
    EXPECT_FALSE(is_good(""));
    EXPECT_FALSE(is_good("\4" + good.substr(1))) << "another version";
    EXPECT_FALSE(is_good(good + '\0')) << "something behind it";
    for (std::size_t length = 0; length < good.size(); ++length) {
        EXPECT_FALSE(is_good(good.substr(0, length))) << "cut at " << length;
    }
    EXPECT_FALSE(is_good(std::string("\1\0\xff\xff\xff\xff\x0f", 7))) << "windows beyond the bytes";
}

TEST(LagWindowCodec, TakesNoOffsetOrTimeThatNoRunSaw) {
    WindowList windows;
    windows.add({.partition = 0, .runs = intervals}, Points{{-1, now_ms, 0}});
    WindowList out;
    EXPECT_FALSE(unpack_windows(pack(windows), intervals, out)) << "a negative offset";
    windows.clear();
    windows.add({.partition = 0, .runs = intervals}, Points{{1, -1, 0}});
    EXPECT_FALSE(unpack_windows(pack(windows), intervals, out)) << "before 1970";
}

}  // namespace
}  // namespace caretaker
