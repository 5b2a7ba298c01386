// SPDX-License-Identifier: Apache-2.0
// StatsD lines appended to a file, for tests and for looking at what would be sent.
#pragma once

#include "common/metrics/timed_sink.hpp"

#include <string>

namespace caretaker {

class FileStatsd final : public TimedSink {
 public:
    FileStatsd(std::string path, Clock& clock, const StopSignal& stop)
        : TimedSink(clock, stop), path_(std::move(path)) {}

 private:
    Delivery deliver(std::span<const std::string> lines, SendDeadline& deadline) override;

    std::string path_;
};

}  // namespace caretaker
