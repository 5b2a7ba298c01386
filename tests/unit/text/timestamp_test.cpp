// SPDX-License-Identifier: Apache-2.0
// RFC 3339 times, written and read.
#include "common/text/timestamp.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::milliseconds;
using Time = std::chrono::sys_time<milliseconds>;

TEST(Timestamp, WritesUtcWithMilliseconds) {
    const std::vector<std::pair<std::int64_t, std::string_view>> table{
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {1'777'864'507'123, "2026-05-04T03:15:07.123Z"},
        {951'782'400'000, "2000-02-29T00:00:00.000Z"},
        {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
        {253'402'300'800'000, "9999-12-31T23:59:59.999Z"},
        {-62'167'219'200'000, "0000-01-01T00:00:00.000Z"},
        {-62'167'219'200'001, "0000-01-01T00:00:00.000Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {INT64_MIN, "0000-01-01T00:00:00.000Z"},
    };
    for (const auto& [value, expected] : table) {
        EXPECT_EQ(format_rfc3339(Time(milliseconds(value))), expected) << value;
    }
}

TEST(Timestamp, ReadsOffsetsFractionsAndPlainDates) {
    const std::vector<std::pair<std::string_view, std::int64_t>> table{
        {"1970-01-01T00:00:00Z", 0},
        {"2026-05-04T03:15:07.123Z", 1'777'864'507'123},
        {"2026-05-04t03:15:07.123z", 1'777'864'507'123},
        {"2026-05-04 03:15:07.123Z", 1'777'864'507'123},
        {"2026-05-04T05:15:07.123+02:00", 1'777'864'507'123},
        {"2026-05-03T21:45:07.123-05:30", 1'777'864'507'123},
        {"2026-05-04T03:15:07.1239999999999999999999Z", 1'777'864'507'123},
        {"2026-05-04T03:15:07.1Z", 1'777'864'507'100},
        {"2000-02-29", 951'782'400'000},
        {"0000-01-01T00:00:00Z", -62'167'219'200'000},
        {"9999-12-31T23:59:59.999Z", 253'402'300'799'999},
    };
    for (const auto& [text, expected] : table) {
        EXPECT_EQ(parse_rfc3339(text), Time(milliseconds(expected))) << text;
    }
}

TEST(Timestamp, RefusesATimeThatItsOffsetLeadsOutOfTheYears) {
    EXPECT_EQ(parse_rfc3339("0000-01-01T00:00:00+00:01"), std::nullopt);
    EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59-00:01"), std::nullopt);
    EXPECT_NE(parse_rfc3339("0000-01-01T00:00:00-00:01"), std::nullopt);
    EXPECT_NE(parse_rfc3339("9999-12-31T23:59:59+00:01"), std::nullopt);
}

TEST(Timestamp, RefusesWhatIsNotATime) {
    for (const std::string_view text : {"",
                                        "2026",
                                        "2026-05",
                                        "2026-5-4",
                                        "26-05-04",
                                        "2026-13-01",
                                        "2026-00-01",
                                        "2026-02-30",
                                        "1900-02-29",
                                        "2026-05-04T",
                                        "2026-05-04T03:15Z",
                                        "2026-05-04T03:15:07",
                                        "2026-05-04T24:00:00Z",
                                        "2026-05-04T03:60:00Z",
                                        "2026-05-04T03:15:60Z",
                                        "2026-05-04T03:15:07.Z",
                                        "2026-05-04T03:15:07,1Z",
                                        "2026-05-04T03:15:07+2:00",
                                        "2026-05-04T03:15:07+24:00",
                                        "2026-05-04T03:15:07+0200",
                                        "2026-05-04T03:15:07ZZ",
                                        "2026-05-04Z",
                                        "+026-05-04",
                                        "2026-05-04T-3:15:07Z"}) {
        EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace caretaker
