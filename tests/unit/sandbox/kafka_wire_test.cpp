// SPDX-License-Identifier: Apache-2.0
// The primitive types of the Kafka protocol.
#include "tests/sandbox/kafka_wire.hpp"

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

struct VarintCase {
    std::uint32_t value;
    const char* bytes;
};

class UnsignedVarint : public testing::TestWithParam<VarintCase> {};

TEST_P(UnsignedVarint, HasSevenBitsAByteLeastSignificantFirst) {
    WireWriter out(false);
    out.write_unsigned_varint(GetParam().value);
    const auto bytes = out.take();
    EXPECT_EQ(to_hex(bytes), GetParam().bytes);
    WireReader in(bytes, false);
    EXPECT_EQ(in.read_unsigned_varint(), GetParam().value);
    EXPECT_EQ(in.remaining(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Boundaries,
                         UnsignedVarint,
                         testing::Values(VarintCase{0, "00"},
                                         VarintCase{1, "01"},
                                         VarintCase{127, "7f"},
                                         VarintCase{128, "8001"},
                                         VarintCase{300, "ac02"},
                                         VarintCase{16383, "ff7f"},
                                         VarintCase{16384, "808001"},
                                         VarintCase{UINT32_MAX, "ffffffff0f"}));

class BrokenVarint : public testing::TestWithParam<const char*> {};

TEST_P(BrokenVarint, IsRefused) {
    const auto bytes = wire_bytes(GetParam());
    WireReader in(bytes, false);
    EXPECT_THROW(in.read_unsigned_varint(), WireError);
}

INSTANTIATE_TEST_SUITE_P(Hostile,
                         BrokenVarint,
                         testing::Values("", "80", "ffffffff1f", "808080808001"));

TEST(WireReader, ReadsIntegersBigEndianAndSigned) {
    const auto bytes = wire_bytes("ff fffe 80000000 7fffffffffffffff");
    WireReader in(bytes, false);
    EXPECT_EQ(in.read_int8(), -1);
    EXPECT_EQ(in.read_int16(), -2);
    EXPECT_EQ(in.read_int32(), INT32_MIN);
    EXPECT_EQ(in.read_int64(), INT64_MAX);
    EXPECT_THROW(in.read_int8(), WireError);
}

TEST(WireReader, TellsAnEmptyStringFromNull) {
    const auto classic = wire_bytes("0000 ffff 0002 'ab'");
    WireReader in(classic, false);
    EXPECT_EQ(in.read_nullable_string(), "");
    EXPECT_EQ(in.read_nullable_string(), std::nullopt);
    EXPECT_EQ(in.read_nullable_string(), "ab");
    const auto compact = wire_bytes("01 00 03 'ab'");
    WireReader flexible(compact, true);
    EXPECT_EQ(flexible.read_nullable_string(), "");
    EXPECT_EQ(flexible.read_nullable_string(), std::nullopt);
    EXPECT_EQ(flexible.read_nullable_string(), "ab");
}

TEST(WireReader, RefusesNullWhereAStringMustBe) {
    const auto classic = wire_bytes("ffff");
    EXPECT_THROW(WireReader(classic, false).read_string(), WireError);
    const auto compact = wire_bytes("00");
    EXPECT_THROW(WireReader(compact, true).read_string(), WireError);
}

TEST(WireReader, RefusesLengthsThatTheMessageDoesNotHave) {
    for (const auto* text : {"fffe", "0003 'ab'", "7fff"}) {
        const auto bytes = wire_bytes(text);
        EXPECT_THROW(WireReader(bytes, false).read_string(), WireError) << text;
    }
    for (const auto* text : {"fffffffe", "7fffffff", "00000002 00"}) {
        const auto bytes = wire_bytes(text);
        EXPECT_THROW(WireReader(bytes, false).read_nullable_array_length(), WireError) << text;
        EXPECT_THROW(WireReader(bytes, false).read_bytes(), WireError) << text;
    }
    const auto compact = wire_bytes("ffffffff0f");
    EXPECT_THROW(WireReader(compact, true).read_array_length(), WireError);
}

TEST(WireReader, TellsAnEmptyArrayFromNull) {
    const auto classic = wire_bytes("00000000 ffffffff");
    WireReader in(classic, false);
    EXPECT_EQ(in.read_nullable_array_length(), 0U);
    EXPECT_EQ(in.read_nullable_array_length(), std::nullopt);
    const auto compact = wire_bytes("01 00");
    WireReader flexible(compact, true);
    EXPECT_EQ(flexible.read_nullable_array_length(), 0U);
    EXPECT_EQ(flexible.read_nullable_array_length(), std::nullopt);
}

TEST(WireReader, PassesOverTaggedFieldsItDoesNotKnow) {
    // Two fields: tag 0 with three bytes, tag 300 with none.
    const auto bytes = wire_bytes("02 00 03 aabbcc ac02 00 7f");
    WireReader in(bytes, true);
    in.skip_tags();
    EXPECT_EQ(in.read_int8(), 0x7f);
    const auto broken = wire_bytes("01 00 05 aabb");
    EXPECT_THROW(WireReader(broken, true).skip_tags(), WireError);
}

TEST(WireReader, HasNoTaggedFieldsUnlessFlexible) {
    const auto bytes = wire_bytes("02");
    WireReader in(bytes, false);
    in.skip_tags();
    EXPECT_EQ(in.remaining(), 1U);
}

TEST(WireWriter, WritesClassicForms) {
    WireWriter out(false);
    out.write_string("ab");
    out.write_nullable_string(std::nullopt);
    out.write_bytes("xyz");
    out.write_array_length(2);
    out.write_no_tags();
    EXPECT_EQ(to_hex(out.take()), to_hex(wire_bytes("0002 'ab' ffff 00000003 'xyz' 00000002")));
}

TEST(WireWriter, WritesCompactForms) {
    WireWriter out(true);
    out.write_string("ab");
    out.write_nullable_string(std::nullopt);
    out.write_bytes("xyz");
    out.write_array_length(2);
    out.write_no_tags();
    EXPECT_EQ(to_hex(out.take()), to_hex(wire_bytes("03 'ab' 00 04 'xyz' 03 00")));
}

TEST(FrameKafkaMessage, PutsTheLengthBefore) {
    EXPECT_EQ(to_hex(frame_kafka_message("abc")), to_hex(wire_bytes("00000003 'abc'")));
}

}  // namespace
}  // namespace caretaker::sandbox
