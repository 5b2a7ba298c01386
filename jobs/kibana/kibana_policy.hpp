// SPDX-License-Identifier: Apache-2.0
// When a Kibana counts as unused, and what happens to it then.
#pragma once

#include <chrono>
#include <cstdint>

namespace caretaker {

struct KibanaPolicy {
    std::chrono::milliseconds idle_after{std::chrono::days(14)};
    std::chrono::milliseconds warn_before{std::chrono::days(2)};
    std::chrono::milliseconds destroy_after{std::chrono::days(60)};  // 0: never
    std::chrono::milliseconds destroy_warn_before{std::chrono::days(7)};
    std::chrono::milliseconds min_age{std::chrono::days(7)};
    std::int64_t max_uncovered = 5;  // percent of idle_after
    std::chrono::milliseconds max_staleness{std::chrono::hours(2)};
    std::int64_t batch = 5;          // suspensions by one run
    std::int64_t destroy_batch = 1;  // apps destroyed by one run
    std::int64_t max_percent = 20;   // of those that run, to be told or suspended at once
    bool require_notice = true;
    bool adopt_suspended = false;  // apps at 0 instances that somebody else scaled down
};

}  // namespace caretaker
