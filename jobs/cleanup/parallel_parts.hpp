// SPDX-License-Identifier: Apache-2.0
// Several threads over the parts of one piece of work.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

namespace caretaker {

struct PartsCost {
    std::chrono::nanoseconds wall{};
    // Of all threads together:
    std::chrono::nanoseconds worked{};     // until no part was left to begin
    std::chrono::nanoseconds processor{};  // of that: with a processor, or waiting for one
};

/// "386054 133418 2", the text of /proc/thread-self/schedstat: how long a thread waited for a
/// processor. 0 for other texts.
std::chrono::nanoseconds parse_run_queue_time(std::string_view text);

/// Calls `work(worker, part)` once for each part, each worker (from 0) in a thread of its own, the
/// first one in the caller's. Ends when all have ended; what a worker throws is thrown then.
PartsCost run_parts(std::size_t workers,
                    std::size_t parts,
                    const std::function<void(std::size_t worker, std::size_t part)>& work);

}  // namespace caretaker
