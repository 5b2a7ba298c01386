// SPDX-License-Identifier: Apache-2.0
// Ends of logs as bytes: what goes in comes out, and wrong bytes are no ends.
#include "jobs/lag/lag_end_codec.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Ends = std::vector<LogEnd>;

constexpr std::int64_t now_ms = 1'790'000'000'000;
constexpr std::int64_t minute = 60'000;

std::string pack(const TopicEnds& ends) {
    std::string bytes;
    pack_ends(ends, bytes);
    return bytes;
}

TopicEnds sample() {
    TopicEnds ends;
    ends.runs_ms = {now_ms, now_ms - minute};
    ends.partitions.add(0, Ends{{4'000'000'000, now_ms - minute}, {4'000'000'100, now_ms}});
    ends.partitions.add(3, Ends{});
    ends.partitions.add(std::numeric_limits<std::int32_t>::max(),
                        Ends{{0, 0}, {std::numeric_limits<std::int64_t>::max(), now_ms - 5}});
    return ends;
}

TEST(LagEndCodec, GivesBackWhatItTook) {
    const TopicEnds ends = sample();
    TopicEnds out;
    ASSERT_TRUE(unpack_ends(pack(ends), out));
    EXPECT_EQ(out.runs_ms, ends.runs_ms);
    ASSERT_EQ(out.partitions.size(), ends.partitions.size());
    for (std::size_t i = 0; i < out.partitions.size(); ++i) {
        const PartitionEnds a = ends.partitions.at(i);
        const PartitionEnds b = out.partitions.at(i);
        EXPECT_EQ(a.partition, b.partition);
        EXPECT_EQ(Ends(a.ends.begin(), a.ends.end()), Ends(b.ends.begin(), b.ends.end()));
    }
}

TEST(LagEndCodec, TakesFewBytesForEachEnd) {
    TopicEnds ends{.runs_ms = {now_ms}};
    for (std::int32_t partition = 0; partition < 100; ++partition) {
        Ends history;
        for (std::int64_t i = 0; i < 40; ++i) {
            history.push_back({4'000'000'000 + 100 * i, now_ms - (39 - i) * minute});
        }
        ends.partitions.add(partition, history);
    }
    EXPECT_LE(pack(ends).size(), 100U * 40U * 5U);
}

TEST(LagEndCodec, TakesOtherBytesForNothing) {
    const std::string good = pack(sample());
    const auto is_good = [](const std::string& bytes) {
        TopicEnds out = sample();
        const bool result = unpack_ends(bytes, out);
        EXPECT_EQ(out.runs_ms.empty(), !result);
        EXPECT_EQ(out.partitions.size() == 0, !result);
        return result;
    };
    EXPECT_TRUE(is_good(good));
    EXPECT_FALSE(is_good(""));
    EXPECT_FALSE(is_good("\2" + good.substr(1))) << "another version";
    EXPECT_FALSE(is_good(good + '\0')) << "something behind it";
    for (std::size_t length = 0; length < good.size(); ++length) {
        EXPECT_FALSE(is_good(good.substr(0, length))) << "cut at " << length;
    }
    EXPECT_FALSE(is_good(pack({}))) << "without a run";
    EXPECT_FALSE(is_good(std::string("\1\1\5\1\0\1\2\6\0", 9))) << "an end before 1970";
}

TEST(PackedEnds, FindsPartitionsOneAfterTheOther) {
    const std::string bytes = pack(sample());
    const auto found = [](PackedEnds& ends, std::int32_t partition) {
        const auto one = ends.find(partition);
        return Ends(one.begin(), one.end());
    };
    constexpr std::int32_t last = std::numeric_limits<std::int32_t>::max();
    const Ends first{{4'000'000'000, now_ms - minute}, {4'000'000'100, now_ms}};
    PackedEnds ends(bytes);
    EXPECT_EQ(found(ends, 0), first);
    EXPECT_EQ(found(ends, 0), first) << "asked again";
    EXPECT_EQ(found(ends, 2), Ends{});
    EXPECT_EQ(found(ends, 3), Ends{});
    EXPECT_EQ(found(ends, last).size(), 2U);
    PackedEnds skipping(bytes);
    EXPECT_EQ(found(skipping, last).back().at_ms, now_ms - 5);
    PackedEnds none("");
    EXPECT_EQ(found(none, 0), Ends{});
}

}  // namespace
}  // namespace caretaker
