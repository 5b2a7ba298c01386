// SPDX-License-Identifier: Apache-2.0
#include "common/base/status_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>

namespace caretaker {

namespace {

// What a signal handler reaches has to be global.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<const StatusLine*> installed{nullptr};

extern "C" void on_status_signal(int /*signal*/) {
    const int saved_errno = errno;
    if (const StatusLine* line = installed.load(std::memory_order_relaxed)) {
        line->write_to(STDERR_FILENO);
    }
    errno = saved_errno;
}

/// A line of limited length, put together without memory from the heap.
class LineBuffer {
 public:
    LineBuffer& operator<<(std::string_view text) noexcept {
        const std::size_t room = bytes_.size() - 1 - size_;  // one is for the end of the line
        size_ += text.copy(&bytes_.at(size_), std::min(room, text.size()));
        return *this;
    }

    LineBuffer& operator<<(std::int64_t number) noexcept {
        std::array<char, 24> digits{};
        const char* const end = std::to_chars(digits.begin(), digits.end(), number).ptr;
        return *this << std::string_view(digits.data(),
                                         static_cast<std::size_t>(end - digits.data()));
    }

    void write_to(int fd) noexcept {
        bytes_.at(size_) = '\n';
        [[maybe_unused]] const auto written = ::write(fd, bytes_.data(), size_ + 1);
    }

 private:
    std::array<char, 512> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace

void StatusLine::Text::set(std::string_view text) noexcept {
    const unsigned next = 1 - valid_.load(std::memory_order_relaxed);
    Slot& slot = slots_.at(next);
    slot.size = text.copy(slot.bytes.data(), slot.bytes.size());
    valid_.store(next, std::memory_order_release);
}

std::string_view StatusLine::Text::get() const noexcept {
    const Slot& slot = slots_.at(valid_.load(std::memory_order_acquire));
    return {slot.bytes.data(), slot.size};
}

StatusLine::StatusLine() : started_(std::chrono::steady_clock::now()) {
    doing_.set("starting");
}

void StatusLine::install(StatusLine& line) {
    installed = &line;

    struct sigaction action {};

    action.sa_handler = on_status_signal;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGUSR1, &action, nullptr);
}

void StatusLine::set_run(std::string_view words) {
    run_.set(words);
}

void StatusLine::begin(std::string_view doing,
                       std::string_view unit,
                       std::optional<std::int64_t> total) {
    done_ = 0;
    total_ = total.value_or(-1);
    unit_.set(unit);
    doing_.set(doing);
    if (next_ != nullptr) {
        next_->begin(doing, unit, total);
    }
}

void StatusLine::update(std::int64_t done) {
    done_ = done;
    if (next_ != nullptr) {
        next_->update(done);
    }
}

void StatusLine::write_to(int fd) const noexcept {
    const std::int64_t done = done_;
    const std::int64_t total = total_;
    const std::string_view unit = unit_.get();
    const std::string_view run = run_.get();
    LineBuffer line;
    line << "caretaker" << (run.empty() ? "" : " ") << run << ": " << doing_.get();
    if (total >= 0) {
        line << ", " << done << " of " << total;
    } else if (done > 0) {
        line << ", " << done;
    }
    if ((total >= 0 || done > 0) && !unit.empty()) {
        line << " " << unit;
    }
    const auto elapsed = std::chrono::steady_clock::now() - started_;
    line << ", " << std::chrono::floor<std::chrono::seconds>(elapsed).count() << " s";
    line.write_to(fd);
}

}  // namespace caretaker
