// SPDX-License-Identifier: Apache-2.0
// Addresses with ports as text.
#include "common/dns/socket_address.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace caretaker {
namespace {

TEST(SocketAddress, IsReadAndWrittenTheSameForBothFamilies) {
    for (const char* text : {"10.0.0.2:53", "127.0.0.1:65535", "[::1]:1", "[2001:db8::7]:8125"}) {
        const auto address = parse_ip_and_port(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(format_socket_address(*address), text);
    }
}

TEST(SocketAddress, IsNothingForNamesAndOtherForms) {
    for (const std::string_view text : {std::string_view(""),
                                        std::string_view(":"),
                                        std::string_view(":53"),
                                        std::string_view("10.0.0.2"),
                                        std::string_view("10.0.0.2:"),
                                        std::string_view("10.0.0.2:0"),
                                        std::string_view("10.0.0.2:65536"),
                                        std::string_view("10.0.0.2:5x"),
                                        std::string_view("10.0.0.2:+5"),
                                        std::string_view("10.0.0:53"),
                                        std::string_view("10.0.0.256:53"),
                                        std::string_view("localhost:53"),
                                        std::string_view("::1:53"),
                                        std::string_view("[::1]"),
                                        std::string_view("[]:53"),
                                        std::string_view("[10.0.0.2]:53"),
                                        std::string_view("10.0.0.2\0x:53", 13)}) {
        EXPECT_FALSE(parse_ip_and_port(text)) << text;
    }
}

TEST(SocketAddress, HasNoLengthForBytesOfNoFamily) {
    const std::array<unsigned char, 5> bytes{};
    EXPECT_EQ(ip_address(bytes, 53).length, 0U);
}

TEST(SocketAddress, IsSortedAndKeptOnce) {
    std::vector<SocketAddress> addresses{*parse_ip_and_port("10.0.0.2:1"),
                                         *parse_ip_and_port("[::1]:1"),
                                         *parse_ip_and_port("10.0.0.1:1"),
                                         *parse_ip_and_port("10.0.0.2:1")};
    sort_addresses(addresses);
    std::vector<std::string> texts;
    std::ranges::transform(addresses, std::back_inserter(texts), format_socket_address);
    EXPECT_EQ(texts, (std::vector<std::string>{"10.0.0.1:1", "10.0.0.2:1", "[::1]:1"}));
}

}  // namespace
}  // namespace caretaker
