// SPDX-License-Identifier: Apache-2.0
// How much a log may say.
#include "common/base/log_limits.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime start{};

TEST(LogLimits, ShowFiveEqualMessagesAndThenOneAMinute) {
    LogLimits limits;
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(limits.admit("no answer", start), 0);
    }
    EXPECT_EQ(limits.admit("no answer", start + 1s), std::nullopt);
    EXPECT_EQ(limits.admit("no answer", start + 59s), std::nullopt);
    EXPECT_EQ(limits.untold(), 2);
    EXPECT_EQ(limits.admit("no answer", start + 60s), 2);
    EXPECT_EQ(limits.untold(), 0);
    EXPECT_EQ(limits.admit("no answer", start + 61s), std::nullopt);
    EXPECT_EQ(limits.admit("another", start + 61s), 0);
}

TEST(LogLimits, CountMessagesApartAndForgetThemWhenThereAreVeryMany) {
    LogLimits limits;
    for (int i = 0; i < 100'000; ++i) {
        EXPECT_EQ(limits.admit("message " + std::to_string(i), start), 0);
    }
}

TEST(LogLimits, CloseOnceAndForGood) {
    LogLimits limits;
    limits.set_most_bytes(100);
    EXPECT_EQ(limits.take(60), LogLimits::Room::yes);
    EXPECT_EQ(limits.take(40), LogLimits::Room::yes);
    EXPECT_EQ(limits.take(1), LogLimits::Room::first_no);
    EXPECT_EQ(limits.take(1), LogLimits::Room::no);
    EXPECT_EQ(limits.take(0), LogLimits::Room::no);
}

TEST(LogMessage, IsCutWhenItIsVeryLongButNeverWithinACharacter) {
    const std::string most(LogLimits::most_message_bytes, 'x');
    EXPECT_EQ(cut_log_message(most), most);
    EXPECT_EQ(cut_log_message(most + "y"), most + "... (1 bytes more)");
    const std::string odd = most.substr(1) + "ä";
    EXPECT_EQ(cut_log_message(odd), most.substr(1) + "... (2 bytes more)");
}

}  // namespace
}  // namespace caretaker
