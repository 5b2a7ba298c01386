// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/pace_plan.hpp"

#include <algorithm>
#include <cmath>

namespace caretaker {

namespace {

/// What one transaction of the store covers at most, for each worker of the first few.
constexpr std::size_t actions_of_a_batch = 256;
constexpr std::size_t most_workers_that_count = 4;
constexpr std::size_t entries_of_a_batch = 20'000;
constexpr std::size_t entries_between_pauses = 256;

/// How many seconds of the rate the amount is; 0 is no limit.
template <typename Amount, typename Rate>
double seconds_of(Amount amount, Rate rate) {
    return rate == 0 ? 0 : static_cast<double>(amount) / static_cast<double>(rate);
}

double seconds_of(const Pace& pace, const BatchSize& size) {
    return std::max(seconds_of(size.entries, pace.rate_files),
                    seconds_of(size.bytes, pace.rate_bytes));
}

}  // namespace

bool fits_into_a_second(const Pace& pace, const BatchSize& size) {
    return seconds_of(pace, size) <= 1;
}

std::size_t end_of_batch(const BatchPace& pace,
                         std::size_t begin,
                         std::size_t actions,
                         const std::function<BatchSize(std::size_t action)>& size_of) {
    const std::size_t most_actions =
        actions_of_a_batch * std::min(pace.workers, most_workers_that_count);
    const std::size_t most = pace.pauses ? entries_between_pauses : entries_of_a_batch;
    BatchSize batch;
    std::size_t end = begin;
    while (end < actions && end - begin < most_actions) {
        batch += size_of(end);
        const bool fits = batch.entries <= most && fits_into_a_second(pace.rates, batch);
        if (!fits && end > begin) {
            break;
        }
        ++end;
    }
    return end;
}

std::chrono::milliseconds pause_after(const BatchPace& pace,
                                      const BatchSize& batch,
                                      std::chrono::milliseconds took) {
    using std::chrono::milliseconds;
    constexpr milliseconds longest_for_others = std::chrono::seconds(1);
    // poll(2) waits for less than 25 days.
    constexpr milliseconds longest = std::chrono::hours(20 * 24);
    const double due = std::ceil(seconds_of(pace.rates, batch) * 1000);
    const auto most = static_cast<double>(longest.count());
    const milliseconds for_rates =
        milliseconds(static_cast<std::int64_t>(std::min(due, most))) - took;
    const milliseconds for_others =
        pace.pauses ? std::min(took, longest_for_others) : milliseconds(0);
    return std::max(for_rates, for_others);
}

}  // namespace caretaker
