// SPDX-License-Identifier: Apache-2.0
// How far a long run is: as a bar at a terminal, as a line now and then elsewhere.
#pragma once

#include "common/base/clock.hpp"
#include "common/base/progress.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// A stage of the work and how much of it is done.
struct Stage {
    std::string doing{};
    std::string unit{};
    std::optional<std::int64_t> total{};
    std::int64_t done = 0;
};

/// "[#####.....]  50%  60 of 120 groups  reading committed offsets", at most `width` columns; the
/// bar itself only where the total is known and there is room.
std::string format_progress_bar(const Stage& stage, std::size_t width);

/// "reading committed offsets: 60 of 120 groups".
std::string format_progress_line(const Stage& stage);

/// Writes a line over and over, at most ten times a second, on work that lasts.
class ProgressBar final : public Progress {
 public:
    using Write = std::function<void(std::string_view)>;
    static constexpr std::chrono::milliseconds first_after{500};
    static constexpr std::chrono::milliseconds pause{100};

    /// `escapes`: the line is cleared by an escape sequence, else by blanks.
    ProgressBar(const Clock& clock, std::size_t width, bool escapes, Write write);
    ~ProgressBar() override;
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void begin(std::string_view doing,
               std::string_view unit,
               std::optional<std::int64_t> total) override;
    void update(std::int64_t done) override;

    /// Takes the bar away; the next update may show it again.
    void clear();

 private:
    void show();

    std::mutex mutex_;  // a log line of another thread takes the bar away
    const Clock& clock_;
    std::size_t width_;
    bool escapes_;
    Write write_;
    Stage stage_{};
    SteadyTime next_;
    std::size_t shown_ = 0;  // columns on the screen
};

/// Tells of long work every half minute.
class ProgressLines final : public Progress {
 public:
    using Tell = std::function<void(const std::string&)>;
    static constexpr std::chrono::seconds pause{30};

    ProgressLines(const Clock& clock, Tell tell);

    void begin(std::string_view doing,
               std::string_view unit,
               std::optional<std::int64_t> total) override;
    void update(std::int64_t done) override;

 private:
    void tell();

    const Clock& clock_;
    Tell tell_;
    Stage stage_{};
    SteadyTime next_;
};

}  // namespace caretaker
