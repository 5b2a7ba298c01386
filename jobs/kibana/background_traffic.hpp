// SPDX-License-Identifier: Apache-2.0
// Requests that a Kibana gets day and night without anybody using it: they look like use, and keep
// it awake for ever. No IO.
#pragma once

#include "common/base/wall_time.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct TrafficSample {
    WallTime at{};
    double per_minute = 0;  // requests that nothing explains

    friend bool operator==(const TrafficSample&, const TrafficSample&) = default;
};

/// By id of the app, oldest first.
using TrafficMemory = std::map<std::string, std::vector<TrafficSample>, std::less<>>;

/// Remembers one an hour, of the last 24 times; none of them once there is a time without any.
void note_traffic(TrafficMemory& memory, const std::string& app, const TrafficSample& sample);

/// From how many to how many requests a minute, where all of 24 samples of about a day are alike.
struct SteadyTraffic {
    double least = 0;
    double most = 0;
};

std::optional<SteadyTraffic> find_steady_traffic(const std::vector<TrafficSample>& samples);

std::string encode_traffic(const TrafficMemory& memory);

/// Throws JsonError for a text that was not written by encode_traffic().
TrafficMemory decode_traffic(std::string_view text);

}  // namespace caretaker
