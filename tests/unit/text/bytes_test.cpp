// SPDX-License-Identifier: Apache-2.0
// Sizes in bytes: what is read, what is refused, what is shown.
#include "common/text/bytes.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

TEST(Bytes, ReadsDecimalAndBinaryUnits) {
    const std::vector<std::pair<std::string_view, std::uint64_t>> table{
        {"0B", 0},
        {"17B", 17},
        {"1kB", 1'000},
        {"1KB", 1'000},
        {"512MB", 512'000'000},
        {"3GB", 3'000'000'000},
        {"4TB", 4'000'000'000'000},
        {"5PB", 5'000'000'000'000'000},
        {"1KiB", 1'024},
        {"64MiB", 67'108'864},
        {"2GiB", 2'147'483'648},
        {"1TiB", 1'099'511'627'776},
        {"16383PiB", 16'383ULL << 50},
        {"18446744073709551615B", most},
    };
    for (const auto& [text, expected] : table) {
        EXPECT_EQ(parse_bytes(text), expected) << text;
    }
}

TEST(Bytes, RefusesEverythingElse) {
    for (const std::string_view text : {"",
                                        "5",
                                        "B",
                                        "MB",
                                        "-1B",
                                        "+1B",
                                        "1.5GiB",
                                        "2 GiB",
                                        " 2GiB",
                                        "2GiB ",
                                        "2gib",
                                        "2G",
                                        "2GBB",
                                        "0x10B",
                                        "16384PiB",
                                        "18446744073709551616B",
                                        "18446744073709552kB"}) {
        EXPECT_EQ(parse_bytes(text), std::nullopt) << text;
    }
}

TEST(Bytes, ShowsOneDecimalBelowTen) {
    const std::vector<std::pair<std::uint64_t, std::string_view>> table{
        {0, "0 B"},
        {1'023, "1023 B"},
        {1'024, "1.0 KiB"},
        {1'536, "1.5 KiB"},
        {10'188, "9.9 KiB"},
        {10'189, "10 KiB"},
        {10'240, "10 KiB"},
        {1'048'063, "1023 KiB"},
        {1'048'064, "1.0 MiB"},
        {1'048'576, "1.0 MiB"},
        {212ULL << 30, "212 GiB"},
        {(1ULL << 40) - 1, "1.0 TiB"},
        {most, "16384 PiB"},
    };
    for (const auto& [value, expected] : table) {
        EXPECT_EQ(format_bytes(value), expected) << value;
    }
}

TEST(Bytes, WritesExactValuesThatCanBeReadBack) {
    EXPECT_EQ(format_exact_bytes(0), "0B");
    EXPECT_EQ(format_exact_bytes(1'500), "1500B");
    EXPECT_EQ(format_exact_bytes(2ULL << 30), "2GiB");
    EXPECT_EQ(format_exact_bytes((2ULL << 30) + 1024), "2097153KiB");
    for (const std::uint64_t value : {std::uint64_t{1}, std::uint64_t{1} << 63U, most}) {
        EXPECT_EQ(parse_bytes(format_exact_bytes(value)), value);
    }
}

}  // namespace
}  // namespace caretaker
