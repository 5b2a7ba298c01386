// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/worker_count_plan.hpp"

#include <algorithm>
#include <charconv>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds short_look{100};

}  // namespace

std::chrono::milliseconds WorkerCount::until_judged() const {
    const bool open = before_trial_ || (rest_left_.count() <= 0 && now_ * 2 <= most_);
    return open ? short_look : std::chrono::seconds(1);
}

void WorkerCount::learn(const WorkDone& done) {
    constexpr std::size_t few = 16;  // single ones are no measure
    done_.entries += done.entries;
    done_.wall += done.wall;
    done_.worked += done.worked;
    done_.processor += done.processor;
    rest_left_ -= std::min(rest_left_, done.wall);
    if (done_.wall < short_look || done_.entries < few) {
        return;
    }
    using Seconds = std::chrono::duration<double>;
    const double seconds = Seconds(done_.wall).count();
    const double worked = std::max(Seconds(done_.worked).count(), 1e-9);
    judge({.rate = static_cast<double>(done_.entries) / seconds,
           .workers = worked / seconds,
           .busy = Seconds(done_.processor).count() / worked});
    done_ = {};
}

void WorkerCount::judge(const Measure& measure) {
    constexpr double only_work = 0.8;
    if (now_ > 1 && measure.busy >= only_work) {
        go_back();
        return;
    }
    if (before_trial_) {
        judge_trial(measure);
    }
    if (!before_trial_ && may_double(measure)) {
        before_trial_ = measure;
        now_ *= 2;
    }
}

void WorkerCount::judge_trial(const Measure& measure) {
    constexpr double least_gain = 1.2;
    constexpr double least_more_workers = 1.4;
    if (measure.workers < before_trial_->workers * least_more_workers) {
        return;
    }
    if (measure.rate < before_trial_->rate * least_gain) {
        go_back();
        rest_left_ = next_rest_;
        next_rest_ *= 2;
    }
    before_trial_.reset();
}

bool WorkerCount::may_double(const Measure& measure) const {
    constexpr double wait_more_than_work = 0.5;
    constexpr double most_have_work = 0.75;
    return rest_left_.count() <= 0 && now_ * 2 <= most_ && measure.busy < wait_more_than_work &&
           measure.workers >= static_cast<double>(now_) * most_have_work;
}

void WorkerCount::go_back() {
    now_ = std::max<std::size_t>(now_ / 2, 1);
    before_trial_.reset();
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
