// SPDX-License-Identifier: Apache-2.0
#include "common/base/log_limits.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

constexpr std::size_t most_counts = 1000;

}  // namespace

std::optional<std::int64_t> LogLimits::admit(std::string_view message, SteadyTime now) {
    if (counts_.size() >= most_counts) {
        counts_.clear();  // a log of so many different messages repeats none of them often
    }
    Count& count = counts_[std::string(message)];
    if (count.shown >= shown_at_once && now - count.last_shown < pause) {
        ++count.left_out;
        ++untold_;
        return std::nullopt;
    }
    const std::int64_t left_out = count.left_out;
    ++count.shown;
    count.left_out = 0;
    count.last_shown = now;
    untold_ -= left_out;
    return left_out;
}

LogLimits::Room LogLimits::take(std::size_t bytes) {
    if (!full_ && bytes_ + bytes <= most_bytes_) {
        bytes_ += bytes;
        return Room::yes;
    }
    const Room answer = full_ ? Room::no : Room::first_no;
    full_ = true;
    return answer;
}

std::string cut_log_message(std::string_view message) {
    if (message.size() <= LogLimits::most_message_bytes) {
        return std::string(message);
    }
    std::size_t end = LogLimits::most_message_bytes;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return fmt::format("{}... ({} bytes more)", message.substr(0, end), message.size() - end);
}

}  // namespace caretaker
