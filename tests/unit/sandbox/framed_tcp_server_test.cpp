// SPDX-License-Identifier: Apache-2.0
// The server under the fake cluster and the control port.
#include "tests/sandbox/framed_tcp_server.hpp"

#include "loopback_client.hpp"
#include "tests/sandbox/kafka_wire.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

FramedSession echo(std::size_t /*port*/) {
    return
        [](std::string_view request) { return FramedReply{.bytes = std::string(request) + "."}; };
}

TEST(FramedTcpServer, AnswersPipelinedRequestsInOrder) {
    FramedTcpServer server(1, Framing::length_prefix);
    server.start(echo);
    LoopbackClient client(server.ports()[0]);
    client.send(frame_kafka_message("one") + frame_kafka_message("") + frame_kafka_message("two"));
    EXPECT_EQ(client.receive(9), "one..two.");
}

TEST(FramedTcpServer, WaitsForRequestsThatArriveInPieces) {
    FramedTcpServer server(1, Framing::length_prefix);
    server.start(echo);
    LoopbackClient client(server.ports()[0]);
    const auto frame = frame_kafka_message("piecemeal");
    for (const char byte : frame) {
        client.send({&byte, 1});
    }
    EXPECT_EQ(client.receive(10), "piecemeal.");
}

TEST(FramedTcpServer, TakesLinesWithAndWithoutCarriageReturns) {
    FramedTcpServer server(1, Framing::lines);
    server.start(echo);
    LoopbackClient client(server.ports()[0]);
    client.send("a b\r\n\nc\n");
    EXPECT_EQ(client.receive(7), "a b..c.");
}

TEST(FramedTcpServer, AnswersLargerThanASocketBufferArriveWhole) {
    constexpr std::size_t large = 32 << 20;
    FramedTcpServer server(1, Framing::lines);
    server.start([](std::size_t) {
        return [](std::string_view) { return FramedReply{.bytes = std::string(large, 'x')}; };
    });
    LoopbackClient client(server.ports()[0]);
    client.send("go\n");
    EXPECT_EQ(client.receive(large).size(), large);
}

TEST(FramedTcpServer, HangsUpOnAbsurdLengths) {
    FramedTcpServer server(1, Framing::length_prefix);
    server.start(echo);
    for (const std::string length : {"\x7f\xff\xff\xff", "\xff\xff\xff\xff", "GET "}) {
        LoopbackClient client(server.ports()[0]);
        client.send(length);
        EXPECT_TRUE(client.is_closed());
    }
}

TEST(FramedTcpServer, ClosesAfterTheLastBytes) {
    FramedTcpServer server(1, Framing::lines);
    server.start([](std::size_t) {
        return [](std::string_view) { return FramedReply{.bytes = "bye", .close = true}; };
    });
    LoopbackClient client(server.ports()[0]);
    client.send("x\n");
    EXPECT_EQ(client.receive(3), "bye");
    EXPECT_TRUE(client.is_closed());
}

TEST(FramedTcpServer, HoldsAnswersBackOneAtATime) {
    FramedTcpServer server(1, Framing::lines);
    server.start([](std::size_t) {
        return [](std::string_view line) {
            return FramedReply{.bytes = std::string(line), .delay = std::chrono::milliseconds(20)};
        };
    });
    LoopbackClient client(server.ports()[0]);
    const auto start = std::chrono::steady_clock::now();
    client.send("a\nb\nc\n");
    EXPECT_EQ(client.receive(3), "abc");
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(60));
}

TEST(FramedTcpServer, TellsPortsAndConnectionsApart) {
    FramedTcpServer server(2, Framing::lines);
    server.start([](std::size_t port) {
        return [port, asked = 0](std::string_view) mutable {
            return FramedReply{.bytes = std::to_string(port) + std::to_string(++asked)};
        };
    });
    LoopbackClient first(server.ports()[0]);
    LoopbackClient second(server.ports()[1]);
    LoopbackClient third(server.ports()[1]);
    first.send("\n\n");
    second.send("\n");
    third.send("\n");
    EXPECT_EQ(first.receive(4), "0102");
    EXPECT_EQ(second.receive(2), "11");
    EXPECT_EQ(third.receive(2), "11");
}

TEST(FramedTcpServer, OpensAClosedPortAgainUnderItsOldNumber) {
    FramedTcpServer server(2, Framing::lines);
    server.start(echo);
    LoopbackClient before(server.ports()[0]);
    before.send("x\n");
    EXPECT_EQ(before.receive(2), "x.");
    server.set_open(0, false);
    EXPECT_TRUE(before.is_closed());
    EXPECT_FALSE(LoopbackClient(server.ports()[0]).connected());
    EXPECT_TRUE(LoopbackClient(server.ports()[1]).connected());
    server.set_open(0, true);
    LoopbackClient after(server.ports()[0]);
    after.send("y\n");
    EXPECT_EQ(after.receive(2), "y.");
}

TEST(FramedTcpServer, OutlivesClientsThatGoWithoutReading) {
    FramedTcpServer server(1, Framing::lines);
    server.start([](std::size_t) {
        return [](std::string_view) { return FramedReply{.bytes = std::string(1 << 20, 'x')}; };
    });
    for (int i = 0; i < 20; ++i) {
        LoopbackClient client(server.ports()[0]);
        client.send("go\ngo\ngo\n");
    }
    LoopbackClient client(server.ports()[0]);
    client.send("go\n");
    EXPECT_EQ(client.receive(1 << 20).size(), 1U << 20);
}

}  // namespace
}  // namespace caretaker::sandbox
