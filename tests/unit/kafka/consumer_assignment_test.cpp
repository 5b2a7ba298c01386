// SPDX-License-Identifier: Apache-2.0
// Assignments of group members, sound and hostile.
#include "common/kafka/consumer_assignment.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace caretaker {
namespace {

/// Writes the consumer protocol's big-endian numbers and texts.
class Bytes {
 public:
    Bytes& int16(std::int16_t value) { return number(static_cast<std::uint16_t>(value), 2); }

    Bytes& int32(std::int32_t value) { return number(static_cast<std::uint32_t>(value), 4); }

    Bytes& text(std::string_view text) {
        int16(static_cast<std::int16_t>(text.size()));
        for (const char c : text) {
            bytes_.push_back(static_cast<std::byte>(c));
        }
        return *this;
    }

    [[nodiscard]] std::span<const std::byte> all() const { return bytes_; }

 private:
    Bytes& number(std::uint32_t value, int size) {
        for (int i = size - 1; i >= 0; --i) {
            bytes_.push_back(
                static_cast<std::byte>((value >> (8U * static_cast<unsigned>(i))) & 0xFFU));
        }
        return *this;
    }

    std::vector<std::byte> bytes_;
};

Bytes two_topics() {
    return Bytes()
        .int16(1)
        .int32(2)
        .text("logs")
        .int32(2)
        .int32(0)
        .int32(7)
        .text("audit")
        .int32(1)
        .int32(3);
}

TEST(ConsumerAssignment, GivesTopicsAndPartitions) {
    TopicNames names;
    const auto bytes = two_topics();
    const auto assignment = parse_consumer_assignment(bytes.all(), names);
    ASSERT_TRUE(assignment);
    ASSERT_EQ(assignment->size(), 2U);
    EXPECT_EQ(names.name((*assignment)[0].topic), "logs");
    EXPECT_EQ((*assignment)[0].partitions, (std::vector<std::int32_t>{0, 7}));
    EXPECT_EQ(names.name((*assignment)[1].topic), "audit");
    EXPECT_EQ((*assignment)[1].partitions, std::vector<std::int32_t>{3});
}

TEST(ConsumerAssignment, IsEmptyWithoutBytesAndWithoutTopics) {
    TopicNames names;
    const auto none = parse_consumer_assignment({}, names);
    ASSERT_TRUE(none);
    EXPECT_TRUE(none->empty());
    const auto no_topics = parse_consumer_assignment(Bytes().int16(3).int32(0).all(), names);
    ASSERT_TRUE(no_topics);
    EXPECT_TRUE(no_topics->empty());
}

TEST(ConsumerAssignment, IgnoresTheAssignorsOwnDataBehindIt) {
    TopicNames names;
    auto bytes = two_topics();
    bytes.int32(3).int16(99);
    EXPECT_TRUE(parse_consumer_assignment(bytes.all(), names));
}

TEST(ConsumerAssignment, IsAbsentWhereTheBytesAreSomethingElse) {
    constexpr std::int32_t huge = 0x7FFFFFFF;

    const struct {
        const char* what;
        Bytes bytes;
    } cases[] = {
        {"negative version", Bytes().int16(-1).int32(0)},
        {"negative number of topics", Bytes().int16(0).int32(-1)},
        {"more topics than bytes", Bytes().int16(0).int32(huge)},
        {"null topic", Bytes().int16(0).int32(1).int16(-1).int32(0)},
        {"empty topic", Bytes().int16(0).int32(1).text("").int32(0)},
        {"topic longer than the bytes", Bytes().int16(0).int32(1).int16(300).int32(0)},
        {"null partitions", Bytes().int16(0).int32(1).text("a").int32(-1)},
        {"more partitions than bytes", Bytes().int16(0).int32(1).text("a").int32(huge).int32(0)},
        {"one partition too few", Bytes().int16(0).int32(1).text("a").int32(2).int32(0)},
        {"negative partition", Bytes().int16(0).int32(1).text("a").int32(1).int32(-5)},
        {"second topic missing", Bytes().int16(0).int32(2).text("a").int32(0)},
    };

    for (const auto& row : cases) {
        TopicNames names;
        EXPECT_FALSE(parse_consumer_assignment(row.bytes.all(), names)) << row.what;
        EXPECT_EQ(names.size(), 0U) << row.what << " left a name behind";
    }
}

TEST(ConsumerAssignment, IsAbsentWhereverTheBytesBreakOff) {
    const auto bytes = two_topics();
    for (std::size_t size = 1; size < bytes.all().size(); ++size) {
        TopicNames names;
        EXPECT_FALSE(parse_consumer_assignment(bytes.all().first(size), names)) << size;
    }
}

TEST(ConsumerAssignment, SurvivesAnyBytes) {
    std::mt19937 random(20260504);
    const auto sound = two_topics();
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::byte> bytes(sound.all().begin(), sound.all().end());
        for (int change = 0; change < 3; ++change) {
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        }
        TopicNames names;
        const auto assignment = parse_consumer_assignment(bytes, names);
        for (const auto& topic : assignment.value_or(std::vector<AssignedTopic>{})) {
            ASSERT_LE(topic.partitions.size(), bytes.size() / 4);
        }
    }
}

}  // namespace
}  // namespace caretaker
