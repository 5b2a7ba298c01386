// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/fleet_news.hpp"

#include "common/store/job_memory.hpp"
#include "jobs/kibana/kibana_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::string_view news_memory = "news";

}  // namespace

std::vector<FleetNews> find_fleet_news(const std::vector<KibanaSignal>& signals,
                                       const std::string& brake) {
    std::vector<FleetNews> news;
    if (!brake.empty()) {
        news.push_back({.name = "brake", .kind = std::string(event_kind::brake), .reason = brake});
    }
    for (const KibanaSignal& signal : signals) {
        const bool can_deny = signal.name == "access_log" || signal.name == "proxy";
        if (can_deny && !signal.trouble.empty()) {
            news.push_back({.name = fmt::format("signal_lost {}", signal.name),
                            .kind = std::string(event_kind::signal_lost),
                            .reason = fmt::format("{}: {}", signal.name, signal.trouble)});
        }
    }
    return news;
}

std::vector<FleetNews> untold_news(JobMemory& memory, const std::vector<FleetNews>& news) {
    std::vector<FleetNews> untold = news;
    std::erase_if(untold, [&](const FleetNews& one) {
        return memory.find({.kind = news_memory, .name = one.name}).has_value();
    });
    return untold;
}

void forget_old_news(JobMemory& memory, const std::vector<FleetNews>& news) {
    const std::vector<std::string> told = memory.names(news_memory, WallTime{});
    memory.write([&] {
        for (const std::string& name : told) {
            if (std::ranges::find(news, name, &FleetNews::name) == news.end()) {
                memory.forget({.kind = news_memory, .name = name});
            }
        }
    });
}

void note_told(JobMemory& memory, const FleetNews& news, WallTime now) {
    memory.write([&] { memory.save({.kind = news_memory, .name = news.name}, news.reason, now); });
}

}  // namespace caretaker
