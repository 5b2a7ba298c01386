// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/worker_count_plan.hpp"

#include <algorithm>
#include <charconv>

namespace caretaker {

void WorkerCount::learn(std::size_t entries,
                        std::chrono::nanoseconds wall,
                        std::chrono::nanoseconds cpu) {
    constexpr std::chrono::nanoseconds enough = std::chrono::milliseconds(500);
    entries_ += entries;
    wall_ += wall;
    cpu_ += cpu;
    if (wall_ < enough) {
        return;
    }
    const double seconds = std::chrono::duration<double>(wall_).count();
    const double busy = std::chrono::duration<double>(cpu_).count() / seconds;
    judge(static_cast<double>(entries_) / seconds, busy / static_cast<double>(now_));
    entries_ = 0;
    wall_ = {};
    cpu_ = {};
}

void WorkerCount::judge(double rate, double busy) {
    constexpr double least_gain = 1.2;
    constexpr double idle = 0.5;
    if (settled_) {
        return;
    }
    if (rate_before_ > 0 && rate < rate_before_ * least_gain) {
        now_ = std::max<std::size_t>(now_ / 2, 1);
        settled_ = true;
        return;
    }
    if (busy >= idle || now_ * 2 > most_) {
        rate_before_ = 0;  // nothing was tried
        return;
    }
    rate_before_ = rate;
    now_ *= 2;
}

BearableLoad bearable_load(std::size_t most, std::string_view pressure) {
    constexpr double busy = 20;
    constexpr double very_busy = 50;
    const double share = parse_io_pressure(pressure).value_or(0);
    if (share > very_busy) {
        return {.workers = 1, .pauses = true};
    }
    return {.workers = share > busy ? std::max<std::size_t>(most / 2, 1) : most};
}

std::optional<double> parse_io_pressure(std::string_view text) {
    constexpr std::string_view key = "some avg10=";
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(at + key.size());
    double share = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), share);
    return failure == std::errc{} && share >= 0 && share <= 100 ? std::optional(share)
                                                                : std::nullopt;
}

}  // namespace caretaker
