// SPDX-License-Identifier: Apache-2.0
// Records of event streams, in pieces of every size.
#include "common/clients/record_io.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

struct Decoded {
    std::vector<std::string> records{};
    bool is_inside = false;
};

Decoded decode(std::string_view bytes, std::size_t piece, std::size_t most = 100) {
    Decoded decoded;
    RecordIoDecoder decoder(most);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        decoder.feed(bytes.substr(at, piece),
                     [&](std::string_view record) { decoded.records.emplace_back(record); });
    }
    decoded.is_inside = decoder.is_inside();
    return decoded;
}

TEST(RecordIo, MakesRecordsOfPiecesOfEverySize) {
    const std::string bytes = "5\nabc\nd0\n12\n123456789\n121\nx";
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        const Decoded decoded = decode(bytes, piece);
        EXPECT_EQ(decoded.records, (std::vector<std::string>{"abc\nd", "", "123456789\n12", "x"}))
            << piece;
        EXPECT_FALSE(decoded.is_inside);
    }
}

TEST(RecordIo, KnowsWhetherItEndedWithinARecord) {
    EXPECT_FALSE(decode("", 1).is_inside);
    EXPECT_FALSE(decode("1\na", 1).is_inside);
    EXPECT_TRUE(decode("1\na1", 1).is_inside);
    EXPECT_TRUE(decode("1\n", 2).is_inside);
    EXPECT_TRUE(decode("3\nab", 2).is_inside);
}

TEST(RecordIo, RefusesWhatIsNoRecord) {
    for (const std::string_view bytes :
         {"\n", "x", "-1\na", "+1\na", " 1\na", "1 \na", "1\r\na", "0x1\na", "{}", "1\nab\n"}) {
        for (const std::size_t piece : {1U, 100U}) {
            EXPECT_THROW(decode(bytes, piece), RemoteError) << bytes;
        }
    }
}

TEST(RecordIo, RefusesRecordsThatAreTooLongBeforeTheyCome) {
    EXPECT_EQ(decode("100\n" + std::string(100, 'a'), 7).records.size(), 1U);
    EXPECT_THROW(decode("101", 3), RemoteError);
    EXPECT_THROW(decode("99999999999999999999999999999999999999999\n", 50), RemoteError);
    EXPECT_THROW(decode("18446744073709551617\n", 50), RemoteError);  // 1 beyond 64 bits
    EXPECT_EQ(decode("00000000000000000003\nabc", 4).records.front(), "abc");
    EXPECT_THROW(decode("000000000000000000003\nabc", 4), RemoteError) << "21 digits";
}

}  // namespace
}  // namespace caretaker
