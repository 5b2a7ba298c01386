// SPDX-License-Identifier: Apache-2.0
// A metric sink that keeps what it is given.
#pragma once

#include "common/metrics/metrics.hpp"

#include <memory>
#include <string>
#include <vector>

namespace caretaker {

/// What recording sinks were given; outlives them, since a run owns its sink.
struct SentMetrics {
    std::vector<std::string> lines{};
    std::size_t calls = 0;
    std::string problem{};  // when set, everything from now on is dropped for this reason
};

class RecordingSink final : public MetricSink {
 public:
    explicit RecordingSink(std::shared_ptr<SentMetrics> sent) : sent_(std::move(sent)) {}

    Delivery send(std::span<const std::string> lines) noexcept override;

 private:
    std::shared_ptr<SentMetrics> sent_;
};

}  // namespace caretaker
