// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/canary_rounds.hpp"

#include "jobs/kibana/json_times.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace caretaker {

namespace {

constexpr std::size_t most_rounds = 64;

bool is_missing(const CanaryRound& round, WatchSpan window) {
    return !round.has_arrived() && round.sent >= window.begin && round.sent < window.end;
}

}  // namespace

void CanaryRounds::add(const CanaryRound& round) {
    const auto place = std::ranges::upper_bound(rounds_, round.sent, {}, &CanaryRound::sent);
    rounds_.insert(place, round);
    if (rounds_.size() > most_rounds) {
        // The last that arrived says where the hole after it begins.
        const bool begins_hole = rounds_[0].has_arrived() && !rounds_[1].has_arrived();
        rounds_.erase(rounds_.begin() + (begins_hole ? 1 : 0));
    }
}

std::vector<CanaryRound> CanaryRounds::missing(WatchSpan window) const {
    std::vector<CanaryRound> result;
    std::ranges::copy_if(rounds_, std::back_inserter(result), [&](const CanaryRound& round) {
        return is_missing(round, window);
    });
    return result;
}

void CanaryRounds::take(const std::vector<std::string>& agents) {
    for (CanaryRound& round : rounds_) {
        std::erase_if(round.awaited, [&](const std::string& agent) {
            return std::ranges::find(agents, agent) != agents.end();
        });
    }
    thin_out();
}

std::vector<WatchSpan> CanaryRounds::holes(WallTime end) const {
    std::vector<WatchSpan> result;
    WallTime arrived = WallTime::min();
    bool is_open = false;
    for (const CanaryRound& round : rounds_) {
        if (round.sent >= end) {
            break;
        }
        if (round.has_arrived() && is_open) {
            result.push_back({arrived, round.sent});
        }
        is_open = !round.has_arrived();
        arrived = round.has_arrived() ? round.sent : arrived;
    }
    if (is_open) {
        result.push_back({arrived, WallTime::max()});
    }
    return result;
}

void CanaryRounds::forget_before(WallTime time) {
    std::erase_if(rounds_, [&](const CanaryRound& round) { return round.sent < time; });
}

/// In a row of rounds that arrived those between its first and its last tell nothing.
void CanaryRounds::thin_out() {
    for (std::size_t i = 1; i + 1 < rounds_.size();) {
        const bool is_between = rounds_[i - 1].has_arrived() && rounds_[i].has_arrived() &&
                                rounds_[i + 1].has_arrived();
        if (is_between) {
            rounds_.erase(rounds_.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
            ++i;
        }
    }
}

void CanaryRounds::write(JsonWriter& json) const {
    json.begin_array();
    for (const CanaryRound& round : rounds_) {
        json.begin_array();
        json.value(round.sent.time_since_epoch().count());
        json.value(round.proxies);
        json.begin_array();
        for (const std::string& agent : round.awaited) {
            json.value(agent);
        }
        json.end_array();
        json.end_array();
    }
    json.end_array();
}

CanaryRounds CanaryRounds::read(JsonView list) {
    CanaryRounds result;
    for (const JsonView& round : list.elements()) {
        const auto parts = round.elements();
        if (parts.size() != 3) {
            round.fail("is not a time, a number and a list");
        }
        CanaryRound read{.sent = read_json_time(parts[0]), .proxies = read_json_count(parts[1])};
        for (const JsonView& agent : parts[2].elements()) {
            read.awaited.emplace_back(agent.text());
        }
        result.add(read);
    }
    return result;
}

}  // namespace caretaker
