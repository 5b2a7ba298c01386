// SPDX-License-Identifier: Apache-2.0
// How much of the time that counts was watched. No IO.
#pragma once

#include "jobs/kibana/watch_spans.hpp"

#include <chrono>
#include <cstdint>

namespace caretaker {

/// Of the last `idle_after`, rounded down.
inline std::int64_t watched_percent(const WatchSpans& watched,
                                    std::chrono::milliseconds idle_after,
                                    WallTime now) {
    return idle_after.count() <= 0
               ? 0
               : 100 * watched.covered({now - idle_after, now}).count() / idle_after.count();
}

}  // namespace caretaker
