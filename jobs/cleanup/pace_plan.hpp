// SPDX-License-Identifier: Apache-2.0
// In which batches a run deletes, and how long it pauses after each. No IO, no clock.
#pragma once

#include "jobs/cleanup/file_rule.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace caretaker {

/// What batches go by.
struct BatchPace {
    Pace rates{};
    bool pauses = false;  // other processes wait for the disk
    std::size_t workers = 1;
};

/// What a batch is about, or one action of it.
struct BatchSize {
    std::size_t entries = 0;
    std::int64_t bytes = 0;  // that it frees

    BatchSize& operator+=(const BatchSize& other) {
        entries += other.entries;
        bytes += other.bytes;
        return *this;
    }
};

/// Whether a second may take so much by both rates.
bool fits_into_a_second(const Pace& pace, const BatchSize& size);

/// Where the batch ends that begins with action `begin` of `actions`: it holds no more than one
/// transaction of the store should cover, nor than a second may take, and little where pauses are
/// taken; but one action at the least. Several workers get more, as they end it together.
std::size_t end_of_batch(const BatchPace& pace,
                         std::size_t begin,
                         std::size_t actions,
                         const std::function<BatchSize(std::size_t action)>& size_of);

/// How long nothing is deleted after a batch that took so long: so long that both rates are kept,
/// and with pauses as long as the batch, but no longer than a second for that.
std::chrono::milliseconds pause_after(const BatchPace& pace,
                                      const BatchSize& batch,
                                      std::chrono::milliseconds took);

}  // namespace caretaker
