// SPDX-License-Identifier: Apache-2.0
#include "common/output/progress_bar.hpp"

#include "common/text/display_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t bar_columns = 20;
constexpr std::size_t narrowest_with_bar = 60;

std::string count_words(const Stage& stage) {
    std::string text;
    if (stage.total) {
        text = fmt::format("{} of {}", stage.done, *stage.total);
    } else if (stage.done > 0) {
        text = std::to_string(stage.done);
    }
    if (!text.empty() && !stage.unit.empty()) {
        text += " " + stage.unit;
    }
    return text;
}

std::string bar_of(const Stage& stage) {
    const std::int64_t total = std::max<std::int64_t>(*stage.total, 1);
    const std::int64_t done = std::clamp<std::int64_t>(stage.done, 0, total);
    const auto share = static_cast<double>(done) / static_cast<double>(total);
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(bar_columns));
    return fmt::format("[{}{}] {:3}%  ",
                       std::string(filled, '#'),
                       std::string(bar_columns - filled, '.'),
                       static_cast<int>(share * 100));
}

}  // namespace

std::string format_progress_line(const Stage& stage) {
    const std::string count = count_words(stage);
    return count.empty() ? stage.doing : stage.doing + ": " + count;
}

std::string format_progress_bar(const Stage& stage, std::size_t width) {
    std::string line;
    if (stage.total && width >= narrowest_with_bar) {
        line = bar_of(stage);
    }
    const std::string count = count_words(stage);
    line += count + (count.empty() ? "" : "  ") + stage.doing;
    return cut_to_width(line, width);
}

ProgressBar::ProgressBar(const Clock& clock, std::size_t width, bool escapes, Write write)
    : clock_(clock),
      width_(width == 0 ? narrowest_with_bar : width),
      escapes_(escapes),
      write_(std::move(write)),
      next_(clock.steady() + first_after) {}

ProgressBar::~ProgressBar() {
    clear();
}

void ProgressBar::begin(std::string_view doing,
                        std::string_view unit,
                        std::optional<std::int64_t> total) {
    stage_ = {.doing = std::string(doing), .unit = std::string(unit), .total = total};
    show();
}

void ProgressBar::update(std::int64_t done) {
    stage_.done = done;
    show();
}

void ProgressBar::show() {
    const std::lock_guard lock(mutex_);
    const SteadyTime now = clock_.steady();
    if (now < next_) {
        return;
    }
    next_ = now + pause;
    // One column stays free: some terminals break the line when the last one is written.
    const std::string line = format_progress_bar(stage_, width_ - 1);
    const std::size_t columns = display_width(line);
    const std::string rest =
        escapes_ ? "\x1B[K" : std::string(shown_ - std::min(shown_, columns), ' ');
    write_("\r" + line + rest);
    shown_ = columns;
}

void ProgressBar::clear() {
    const std::lock_guard lock(mutex_);
    if (shown_ > 0) {
        write_(escapes_ ? std::string("\r\x1B[K") : "\r" + std::string(shown_, ' ') + "\r");
        shown_ = 0;
    }
}

ProgressLines::ProgressLines(const Clock& clock, Tell tell)
    : clock_(clock), tell_(std::move(tell)), next_(clock.steady() + pause) {}

void ProgressLines::begin(std::string_view doing,
                          std::string_view unit,
                          std::optional<std::int64_t> total) {
    stage_ = {.doing = std::string(doing), .unit = std::string(unit), .total = total};
    tell();
}

void ProgressLines::update(std::int64_t done) {
    stage_.done = done;
    tell();
}

void ProgressLines::tell() {
    const SteadyTime now = clock_.steady();
    if (now >= next_) {
        next_ = now + pause;
        tell_(format_progress_line(stage_));
    }
}

}  // namespace caretaker
