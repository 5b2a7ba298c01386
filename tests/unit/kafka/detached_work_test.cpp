// SPDX-License-Identifier: Apache-2.0
// Threads that can be left behind.
#include "common/kafka/detached_work.hpp"

#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <memory>
#include <stdexcept>

namespace caretaker {
namespace {

TEST(DetachedWork, RunsOncePerThread) {
    const auto runs = std::make_shared<std::atomic<int>>(0);
    const StopSignal stop;
    DetachedWork work(3, [runs](const auto&) { ++*runs; });
    work.wait(stop);
    EXPECT_EQ(*runs, 3);
}

TEST(DetachedWork, ThrowsWhatAThreadThrew) {
    const StopSignal stop;
    DetachedWork work(2, [](const auto&) { throw std::out_of_range("inside"); });
    EXPECT_THROW(work.wait(stop), std::out_of_range);
}

TEST(DetachedWork, IsLeftBehindWhenAStopIsRequestedAndToldSo) {
    const auto gate = std::make_shared<std::promise<void>>();
    const auto was_abandoned = std::make_shared<std::promise<bool>>();
    auto told = was_abandoned->get_future();
    StopSignal stop;
    {
        DetachedWork work(1, [gate, was_abandoned](const std::atomic<bool>& abandoned) {
            gate->get_future().wait();
            was_abandoned->set_value(abandoned);
        });
        stop.request(SIGTERM);
        EXPECT_THROW(work.wait(stop), Interrupted);
    }
    gate->set_value();
    EXPECT_TRUE(told.get());
}

TEST(DetachedWork, WaitsOnlySoLong) {
    const auto gate = std::make_shared<std::promise<void>>();
    DetachedWork work(1, [gate](const auto&) { gate->get_future().wait(); });
    EXPECT_FALSE(work.wait_for(std::chrono::milliseconds(1)));
    gate->set_value();
    EXPECT_TRUE(work.wait_for(std::chrono::minutes(1)));
}

}  // namespace
}  // namespace caretaker
