// SPDX-License-Identifier: Apache-2.0
// How much a log may say: equal messages, and bytes in all. Pure; the time is passed in.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace caretaker {

class LogLimits {
 public:
    static constexpr std::int64_t shown_at_once = 5;          // equal messages
    static constexpr std::chrono::minutes pause{1};           // between later ones
    static constexpr std::size_t most_message_bytes = 16384;  // of one message

    enum class Room {
        yes,
        no,
        first_no,  // the first that found none: to be said
    };

    /// Nothing when the message is to be left out. Else how many equal ones were left out since one
    /// was shown.
    std::optional<std::int64_t> admit(std::string_view message, SteadyTime now);

    /// Takes the room of a line of so many bytes.
    Room take(std::size_t bytes);

    void set_most_bytes(std::uint64_t bytes) { most_bytes_ = bytes; }

    [[nodiscard]] std::uint64_t most_bytes() const { return most_bytes_; }

    /// Messages left out that no shown one told of.
    [[nodiscard]] std::int64_t untold() const { return untold_; }

 private:
    struct Count {
        std::int64_t shown = 0;
        std::int64_t left_out = 0;
        SteadyTime last_shown{};
    };

    std::unordered_map<std::string, Count> counts_;
    std::int64_t untold_ = 0;
    std::uint64_t most_bytes_ = std::uint64_t{8} << 20U;
    std::uint64_t bytes_ = 0;
    bool full_ = false;
};

/// `message` itself, or its beginning and how much is missing where it is longer than
/// LogLimits::most_message_bytes. Never cuts within a character.
std::string cut_log_message(std::string_view message);

}  // namespace caretaker
