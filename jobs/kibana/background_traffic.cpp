// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/background_traffic.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/kibana/json_times.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace caretaker {

namespace {

constexpr std::size_t samples_kept = 24;
constexpr std::chrono::minutes between_samples{59};
constexpr std::chrono::hours longest_day{48};
constexpr double alike = 1.25;

}  // namespace

void note_traffic(TrafficMemory& memory, const std::string& app, const TrafficSample& sample) {
    if (sample.per_minute <= 0) {
        memory.erase(app);
        return;
    }
    std::vector<TrafficSample>& samples = memory[app];
    if (!samples.empty() && sample.at < samples.back().at + between_samples) {
        return;
    }
    samples.push_back(sample);
    if (samples.size() > samples_kept) {
        samples.erase(samples.begin());
    }
}

std::optional<SteadyTraffic> find_steady_traffic(const std::vector<TrafficSample>& samples) {
    if (samples.size() < samples_kept || samples.back().at - samples.front().at > longest_day) {
        return std::nullopt;
    }
    const auto [least, most] = std::ranges::minmax(samples, {}, &TrafficSample::per_minute);
    if (most.per_minute > least.per_minute * alike) {
        return std::nullopt;
    }
    return SteadyTraffic{.least = least.per_minute, .most = most.per_minute};
}

std::string encode_traffic(const TrafficMemory& memory) {
    JsonWriter json;
    json.begin_object();
    for (const auto& [app, samples] : memory) {
        json.key(app);
        json.begin_array();
        for (const TrafficSample& sample : samples) {
            json.begin_array();
            json.value(sample.at.time_since_epoch().count());
            json.value(sample.per_minute);
            json.end_array();
        }
        json.end_array();
    }
    json.end_object();
    return std::string(json.text());
}

TrafficMemory decode_traffic(std::string_view text) {
    const JsonDocument document =
        JsonDocument::parse(text, "the store's memory of requests that nothing explains");
    TrafficMemory memory;
    for (const JsonMember& app : document.root().members()) {
        std::vector<TrafficSample>& samples = memory[std::string(app.name)];
        for (const JsonView& sample : app.value.elements()) {
            const auto parts = sample.elements();
            if (parts.size() != 2) {
                sample.fail("is not a time and a number");
            }
            samples.push_back({.at = read_json_time(parts[0]), .per_minute = parts[1].number()});
        }
    }
    return memory;
}

}  // namespace caretaker
