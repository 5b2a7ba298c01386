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

/// A stretch of deletions.
struct WorkDone {
    std::size_t entries = 0;
    std::chrono::nanoseconds wall{};
    std::chrono::nanoseconds worked{};     // of all workers together, as long as they had a part
    std::chrono::nanoseconds processor{};  // of that: with a processor, or waiting for one
};

class WorkerCount {
 public:
    explicit WorkerCount(std::size_t most) : most_(most) {}

    [[nodiscard]] std::size_t now() const { return now_; }

    /// How long to delete before learn() should hear of it.
    [[nodiscard]] std::chrono::milliseconds until_judged() const;

    /// What the last deletions took. The number doubles while the workers wait more than they work,
    /// and goes back for a while when that has brought less than a fifth; and where they only
    /// work. Workers without anything to do tell nothing.
    void learn(const WorkDone& done);

 private:
    /// What some deletions came to.
    struct Measure {
        double rate = 0;     // entries a second
        double workers = 0;  // that had something to do, on average
        double busy = 0;     // the share of their time that they worked
    };

    void judge(const Measure& measure);
    /// What is known of the number that is tried.
    void judge_trial(const Measure& measure);
    [[nodiscard]] bool may_double(const Measure& measure) const;
    void go_back();

    std::size_t most_;
    std::size_t now_ = 1;
    std::optional<Measure> before_trial_{};  // before the number was doubled, to try that
    WorkDone done_{};                        // not judged yet
    std::chrono::nanoseconds rest_left_{};   // in which nothing is tried
    std::chrono::nanoseconds next_rest_ = std::chrono::seconds(2);
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
