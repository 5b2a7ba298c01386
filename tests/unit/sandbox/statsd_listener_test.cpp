// SPDX-License-Identifier: Apache-2.0
// The StatsD listener over UDP.
#include "tests/sandbox/statsd_listener.hpp"

#include "common/base/fd.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <mutex>

namespace caretaker::sandbox {
namespace {

using Lines = std::vector<std::string>;

constexpr std::chrono::seconds patience(10);

void send_datagram(const StatsdListener& listener, std::string_view payload) {
    const Fd sender(socket(AF_INET, SOCK_DGRAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(listener.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sendto(sender.get(),
           payload.data(),
           payload.size(),
           0,
           reinterpret_cast<const sockaddr*>(&address),
           sizeof address);
}

TEST(StatsdListener, SplitsDatagramsIntoLines) {
    const StatsdListener listener;
    send_datagram(listener, "a:1|g\nb:2|c");
    send_datagram(listener, "c:3|ms\n\n");
    ASSERT_TRUE(listener.wait_for(3, patience));
    EXPECT_EQ(listener.lines(), (Lines{"a:1|g", "b:2|c", "c:3|ms"}));
}

TEST(StatsdListener, CountsDatagramsAndTheLargest) {
    StatsdListener listener;
    send_datagram(listener, std::string(1400, 'x'));
    send_datagram(listener, "y");
    ASSERT_TRUE(listener.wait_for(2, patience));
    EXPECT_EQ(listener.datagrams(), 2U);
    EXPECT_EQ(listener.largest_datagram(), 1400U);
    listener.clear();
    EXPECT_EQ(listener.datagrams(), 0U);
    EXPECT_EQ(listener.largest_datagram(), 0U);
    EXPECT_EQ(listener.lines(), Lines{});
}

TEST(StatsdListener, GivesUpWaitingWhenTimeIsUp) {
    const StatsdListener listener;
    EXPECT_FALSE(listener.wait_for(1, std::chrono::milliseconds(1)));
    EXPECT_TRUE(listener.wait_for(0, std::chrono::milliseconds(0)));
}

TEST(StatsdListener, CallsBackForEachLineAndKeepsNoMoreThanTold) {
    std::mutex mutex;
    Lines seen;
    {
        const StatsdListener listener(
            [&](std::string_view line) {
                const std::lock_guard lock(mutex);
                seen.emplace_back(line);
            },
            1);
        send_datagram(listener, "a:1|g\nb:2|g");
        ASSERT_TRUE(listener.wait_for(1, patience));
        EXPECT_EQ(listener.lines(), Lines{"a:1|g"});
    }
    EXPECT_EQ(seen, (Lines{"a:1|g", "b:2|g"}));
}

TEST(StatsdListener, KeepsAPaceOfThousandsOfDatagrams) {
    const StatsdListener listener;
    constexpr std::size_t burst = 2'000;
    for (std::size_t i = 0; i < burst; ++i) {
        send_datagram(listener, std::string(1000, 'x'));
        // UDP may drop what nobody reads: give way before the kernel's buffer is full.
        if (i % 50 == 49) {
            ASSERT_TRUE(listener.wait_for(i + 1, patience));
        }
    }
    EXPECT_EQ(listener.datagrams(), burst);
}

}  // namespace
}  // namespace caretaker::sandbox
