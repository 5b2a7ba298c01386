// SPDX-License-Identifier: Apache-2.0
// How many threads delete at once. Where a disk makes each deletion wait, several wait together;
// where the processor is the limit, more than one only cost more of it. No IO, no clock.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace caretaker {

class WorkerCount {
 public:
    explicit WorkerCount(std::size_t most) : most_(most) {}

    [[nodiscard]] std::size_t now() const { return now_; }

    /// What the last deletions took: processor time is that of all workers together. Every half
    /// second of them is judged: the number doubles while the workers wait more than they work, and
    /// goes back for good when that has brought less than a fifth.
    void learn(std::size_t entries, std::chrono::nanoseconds wall, std::chrono::nanoseconds cpu);

 private:
    void judge(double rate, double busy);

    std::size_t most_;
    std::size_t now_ = 1;
    bool settled_ = false;
    double rate_before_ = 0;  // entries a second before the number was doubled; 0: it was not
    std::size_t entries_ = 0;
    std::chrono::nanoseconds wall_{};
    std::chrono::nanoseconds cpu_{};
};

/// What a disk bears that other processes wait for already.
struct BearableLoad {
    std::size_t workers = 1;
    bool pauses = false;  // between batches

    friend bool operator==(const BearableLoad&, const BearableLoad&) = default;
};

/// Half of the workers where some processes wait more than a fifth of the time, one with pauses
/// above half of it, else `most` of them. `pressure` is the text of /proc/pressure/io before this
/// run did anything; without one nothing is known.
BearableLoad bearable_load(std::size_t most, std::string_view pressure);

/// "some avg10=1.50 …" → 1.5, a share of time in percent.
std::optional<double> parse_io_pressure(std::string_view text);

}  // namespace caretaker
