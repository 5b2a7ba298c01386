// SPDX-License-Identifier: Apache-2.0
// The lines that `caretaker lag judge` reads and writes: one case, one verdict, each as JSON.
#pragma once

#include "jobs/lag/lag_judge.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace caretaker {

class JsonWriter;

/// A case that somebody else thought of or saved.
struct JudgeLine {
    std::variant<std::string, std::int64_t> id{};
    std::vector<CommitPoint> points{};
    std::vector<std::int64_t> ends{};
    std::int64_t lag = 0;
    std::int64_t now_ms = 0;
    bool live_owner = false;
    JudgeParameters parameters{};
    std::vector<std::string> unknown_keys{};  // which were left out
    /// The first point that is older than the one before it, which should not be.
    std::optional<std::size_t> falling_time{};

    [[nodiscard]] JudgeCase given() const {
        return {
            .points = points, .ends = ends, .lag = lag, .now_ms = now_ms, .live_owner = live_owner};
    }
};

/// {"id", "points": [[offset, commit_ms, lag|null], …], "ends": [offset, …], "lag", "now_ms",
/// "allowed_lag": 0, "min_silence_s": 0, "min_points": 1, "live_owner": false}: those with a value
/// here may be left out. `what` begins every message. Throws JsonError, also for a key that is
/// there twice and for what no Kafka says: negative offsets and lags.
JudgeLine parse_judge_line(std::string_view text, const std::string& what);

/// {"id", "status", "rules": {"stopped", "recently_caught_up", "rewind_index",
/// "lag_always_above_allowed", "stalled", "lag_not_decreasing"}} and a line break; without a rewind
/// its index is null.
void write_judgement(JsonWriter& json, const JudgeLine& line, const Judgement& judgement);

}  // namespace caretaker
