// SPDX-License-Identifier: Apache-2.0
// The line that SIGUSR1 prints: what the run is doing, also while it waits for somebody.
#pragma once

#include "common/base/progress.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace caretaker {

/// Keeps the latest progress in a form that a signal handler can print, and passes it on. One per
/// process can be installed.
class StatusLine final : public Progress {
 public:
    StatusLine();

    /// From now on SIGUSR1 writes a line to standard error: "caretaker lag prod: reading committed
    /// offsets, 120 of 600 groups, 12 s". Its default action would end the process.
    static void install(StatusLine& line);

    /// Who is running: "lag prod run 5b1c09af".
    void set_run(std::string_view words);

    /// Also tells `next`, which outlives this; null: nobody.
    void forward_to(Progress* next) { next_ = next; }

    void begin(std::string_view doing,
               std::string_view unit,
               std::optional<std::int64_t> total) override;
    void update(std::int64_t done) override;

    /// Writes the line to `fd`. Async-signal-safe.
    void write_to(int fd) const noexcept;

 private:
    /// Text of a fixed place: the handler may come at any instant, so a new text is written beside
    /// the old one and becomes the valid one by a single store.
    class Text {
     public:
        void set(std::string_view text) noexcept;
        [[nodiscard]] std::string_view get() const noexcept;

     private:
        struct Slot {
            std::array<char, 160> bytes{};
            std::size_t size = 0;
        };

        std::array<Slot, 2> slots_{};
        std::atomic<unsigned> valid_{0};
    };

    Text run_{};
    Text doing_{};
    Text unit_{};
    std::atomic<std::int64_t> done_{0};
    std::atomic<std::int64_t> total_{-1};  // below 0: not known
    std::chrono::steady_clock::time_point started_;
    Progress* next_ = nullptr;
};

}  // namespace caretaker
