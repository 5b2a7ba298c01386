// SPDX-License-Identifier: Apache-2.0
// How jobs stand, as the store knows it.
#pragma once

#include "common/base/clock.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// What the standing of a job needs of one of its runs.
struct RunMark {
    std::string uid{};
    WallTime started_at{};
    std::optional<WallTime> ended_at{};
    std::optional<std::chrono::milliseconds> duration{};
    std::string outcome{};  // "running" or a word of Outcome
    std::optional<int> exit_code{};
    std::string trigger{};
    int attempt = 0;
    std::int64_t metrics_sent = 0;
    std::int64_t metrics_dropped = 0;
};

/// How many runs a JobStanding remembers: enough for the gaps between twenty.
inline constexpr std::size_t marks_of_a_standing = 21;

/// One job on one target. Dry runs do not count.
struct JobStanding {
    std::string job{};
    std::string target{};
    std::vector<RunMark> marks{};  // newest first
    std::optional<WallTime> last_ok{};
    std::int64_t bad_streak = 0;                  // runs in a row that ended neither ok nor skipped
    std::int64_t skip_streak = 0;                 // runs in a row that were skipped
    std::array<std::int64_t, 5> open_findings{};  // by severity, info first; acknowledged ones not
    std::int64_t acknowledged_findings = 0;       // open ones
};

/// A run that has not ended, as far as its row says.
struct RunUnderWay {
    std::string uid{};
    std::string job{};
    std::string target{};
    std::string host{};
    WallTime started_at{};
    bool has_process = false;  // whether somebody holds the run's byte of runs.lock
};

}  // namespace caretaker
