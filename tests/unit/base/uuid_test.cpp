// SPDX-License-Identifier: Apache-2.0
// The form and the order of run ids.
#include "common/base/uuid.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

TEST(Uuid, HasTimeVersionVariantAndRandomBitsWhereTheStandardPutsThem) {
    // The example of RFC 9562, appendix A.6.
    const WallTime time{milliseconds(0x017F22E279B0)};
    const UuidRandom random{0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F};
    EXPECT_EQ(format_uuid7(time, random), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Uuid, TakesVersionAndVariantFromNoRandomBit) {
    UuidRandom ones;
    ones.fill(0xFF);
    EXPECT_EQ(format_uuid7(WallTime{}, UuidRandom{}), "00000000-0000-7000-8000-000000000000");
    EXPECT_EQ(format_uuid7(WallTime{}, ones), "00000000-0000-7fff-bfff-ffffffffffff");
}

TEST(Uuid, SortsByTime) {
    UuidRandom high;
    high.fill(0xFF);
    const UuidRandom low{};
    std::string before;
    for (const std::int64_t ms :
         {0LL, 1LL, 255LL, 256LL, 65'535LL, 65'536LL, 1'767'225'600'000LL}) {
        const std::string lowest = format_uuid7(WallTime{milliseconds(ms)}, low);
        EXPECT_LT(before, lowest);
        before = format_uuid7(WallTime{milliseconds(ms)}, high);
    }
}

TEST(Uuid, TakesATimeBefore1970As1970) {
    EXPECT_EQ(format_uuid7(WallTime{milliseconds(-1)}, {}), format_uuid7(WallTime{}, {}));
}

TEST(Uuid, IsNewEachTime) {
    const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    std::set<std::string> made;
    for (int i = 0; i < 1'000; ++i) {
        const std::string uid = make_uuid7(WallTime{milliseconds(1'767'225'600'000)});
        EXPECT_TRUE(std::regex_match(uid, form)) << uid;
        made.insert(uid);
    }
    EXPECT_EQ(made.size(), 1'000U);
}

}  // namespace
}  // namespace caretaker
