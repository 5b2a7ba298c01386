// SPDX-License-Identifier: Apache-2.0
// The control port, and how its commands are told apart.
#include "tests/sandbox/control_port.hpp"

#include "common/base/error.hpp"
#include "loopback_client.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

TEST(ControlPort, AnswersALineWithALine) {
    const ControlPort control([](std::string_view line) { return "<" + std::string(line) + ">"; });
    const auto address = control.address();
    LoopbackClient client(
        static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    client.send("one\ntwo\n");
    EXPECT_EQ(client.receive(12), "<one>\n<two>\n");
}

TEST(ControlPort, AnswersWithTheTextOfAnError) {
    const ControlPort control(
        [](std::string_view) -> std::string { throw UsageError("it is wrong"); });
    const auto address = control.address();
    LoopbackClient client(
        static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    client.send("x\n");
    EXPECT_EQ(client.receive(19), "error: it is wrong\n");
}

TEST(MatchCommand, TakesTheWholeWordOnly) {
    EXPECT_EQ(match_command("fault hang", "fault"), "hang");
    EXPECT_EQ(match_command("fault", "fault"), "");
    EXPECT_EQ(match_command("fault a b", "fault"), "a b");
    EXPECT_EQ(match_command("faults", "fault"), std::nullopt);
    EXPECT_EQ(match_command("", "fault"), std::nullopt);
}

}  // namespace
}  // namespace caretaker::sandbox
