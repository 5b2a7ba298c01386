// SPDX-License-Identifier: Apache-2.0
// The metrics seam: finished StatsD lines go out, and never stop a run.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace caretaker {

/// What became of the lines handed to a sink.
struct Delivery {
    std::size_t sent = 0;
    std::size_t dropped = 0;
    std::string problem{};  // why lines were dropped, for one warning; empty when none were

    friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// Takes StatsD lines. An entry may hold two lines (a negative gauge and the zero before it, joined
/// by '\n'); they stay together in one datagram.
class MetricSink {
 public:
    virtual ~MetricSink() = default;

    /// Delivers as many lines as possible before it returns. Never throws.
    virtual Delivery send(std::span<const std::string> lines) noexcept = 0;
};

}  // namespace caretaker
