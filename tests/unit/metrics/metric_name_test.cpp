// SPDX-License-Identifier: Apache-2.0
// Cleaning and telling apart the segments of metric names.
#include "common/metrics/metric_name.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

TEST(MetricName, CleansASegmentOfWhatServersTreatSpecially) {
    struct Case {
        std::string raw;
        std::string cleaned;
    };

    const std::vector<Case> cases{
        {"billing", "billing"},
        {"Billing-2_x", "Billing-2_x"},
        {"logs.app", "logs_app"},
        {"a/b:c|d@e#f g,h=i;j", "a_b_c_d_e_f_g_h_i_j"},
        {"a...b", "a_b"},
        {"a_.b", "a_b"},
        {"a__b", "a_b"},
        {".a.", "a"},
        {"__a__", "a"},
        {"-a-", "-a-"},
        {"line\nbreak\ttab\r", "line_break_tab"},
        {"Gr\xC3\xB6\xC3\x9F"
         "e",
         "Gr_e"},
        {"\xFF\xFE", "unknown"},
        {std::string("nul\0byte", 8), "nul_byte"},
        {"", "unknown"},
        {"...", "unknown"},
        {"_", "unknown"},
        {std::string(64, 'a'), std::string(64, 'a')},
        {std::string(70, '.') + "a", "a"},
    };
    for (const auto& [raw, cleaned] : cases) {
        EXPECT_EQ(clean_segment(raw), cleaned) << raw;
    }
}

TEST(MetricName, ShortensALongSegmentToFiftyFiveBytesAndAHash) {
    const std::string cleaned = clean_segment(std::string(65, 'a'));
    ASSERT_EQ(cleaned.size(), 64U);
    EXPECT_EQ(cleaned.substr(0, 56), std::string(55, 'a') + "_");
    EXPECT_EQ(cleaned.find_first_not_of("0123456789abcdef", 56), std::string::npos);
    EXPECT_EQ(clean_segment(std::string(300, 'x')).size(), 64U);
}

TEST(MetricName, DoublesNoUnderscoreWhereALongSegmentIsCut) {
    const std::string cut = clean_segment(std::string(54, 'a') + "_" + std::string(30, 'b'));
    EXPECT_EQ(cut.substr(0, 55), std::string(54, 'a') + "_");
    EXPECT_EQ(cut.size(), 63U);
    EXPECT_EQ(clean_segment(cut), cut);
}

TEST(MetricName, KeepsLongSegmentsApartThatBeginAlike) {
    EXPECT_NE(clean_segment(std::string(300, 'x')), clean_segment(std::string(301, 'x')));
    EXPECT_NE(clean_segment(std::string(80, 'x') + "."), clean_segment(std::string(80, 'x') + "_"));
}

TEST(MetricName, CleansEveryByteToTheSameTextOnceMore) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string cleaned = clean_segment(std::string{'a', static_cast<char>(byte), 'b'});
        EXPECT_EQ(clean_segment(cleaned), cleaned) << byte;
        EXPECT_EQ(cleaned.find_first_not_of("ab-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "cdefghijklmnopqrstuvwxyz"),
                  std::string::npos)
            << byte;
    }
}

TEST(MetricName, ShortensALongNameToTwoHundredBytes) {
    const std::vector<std::string> fits{
        std::string(64, 'a'), std::string(64, 'b'), std::string(64, 'c'), "12345"};
    EXPECT_EQ(join_segments(fits).size(), 200U);
    EXPECT_TRUE(join_segments(fits).ends_with(".12345"));

    std::vector<std::string> longer = fits;
    longer.back() = "123456";
    const std::string name = join_segments(longer);
    EXPECT_EQ(name.size(), 200U);
    EXPECT_EQ(name[191], '_');
    longer.back() = "123457";
    EXPECT_NE(join_segments(longer), name);
}

TEST(SegmentNames, MarksOnlyTheChangedOneOfTwoThatCollide) {
    SegmentNames names;
    names.add("group", "logs.app");
    names.add("group", "logs_app");
    EXPECT_EQ(names.text("group", "logs_app"), "logs_app");
    const std::string changed = names.text("group", "logs.app");
    EXPECT_TRUE(changed.starts_with("logs_app_")) << changed;
    EXPECT_EQ(changed.size(), std::string("logs_app_").size() + 8);
}

TEST(SegmentNames, MarksAllThatCollideWhenCleaningChangedAll) {
    SegmentNames names;
    for (const char* raw : {"a b", "a/b", "a:b"}) {
        names.add("group", raw);
    }
    EXPECT_NE(names.text("group", "a b"), "a_b");
    EXPECT_NE(names.text("group", "a b"), names.text("group", "a/b"));
    EXPECT_NE(names.text("group", "a/b"), names.text("group", "a:b"));
}

TEST(SegmentNames, LeavesAChangedSegmentAloneWhereNothingCollides) {
    SegmentNames names;
    names.add("group", "a.b");
    names.add("group", "a.b");
    names.add("topic", "a_b");
    EXPECT_EQ(names.text("group", "a.b"), "a_b");
}

TEST(SegmentNames, KeepsACollidingSegmentWithinItsLength) {
    const std::string plain = std::string(60, 'x') + "_1";
    const std::string dotted = std::string(60, 'x') + ".1";
    SegmentNames names;
    names.add("group", plain);
    names.add("group", dotted);
    EXPECT_EQ(names.text("group", plain), plain);
    EXPECT_EQ(names.text("group", dotted).size(), 64U);
    EXPECT_NE(names.text("group", dotted), plain);
}

}  // namespace
}  // namespace caretaker
