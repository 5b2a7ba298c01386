// SPDX-License-Identifier: Apache-2.0
// Several threads over the parts of one piece of work.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace caretaker {

struct PartsCost {
    std::chrono::nanoseconds wall{};
    std::chrono::nanoseconds cpu{};  // of all threads together
};

/// Calls `work(worker, part)` once for each part, each worker (from 0) in a thread of its own, the
/// first one in the caller's. Ends when all have ended; what a worker throws is thrown then.
PartsCost run_parts(std::size_t workers,
                    std::size_t parts,
                    const std::function<void(std::size_t worker, std::size_t part)>& work);

}  // namespace caretaker
