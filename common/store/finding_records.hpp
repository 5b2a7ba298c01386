// SPDX-License-Identifier: Apache-2.0
// Findings as the store keeps them over runs.
#pragma once

#include "common/base/clock.hpp"
#include "common/base/report.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace caretaker {

/// One row of `findings`.
struct FindingRow {
    std::int64_t id = 0;
    std::string job{};
    std::string target{};
    std::string fingerprint{};  // 16 hex digits: format_fingerprint()
    Finding finding{};          // as the last run that saw it put it
    WallTime first_seen{};
    WallTime last_seen{};
    std::int64_t times_seen = 0;
    std::optional<WallTime> resolved_at{};  // none while it is open
    std::optional<WallTime> acked_until{};  // may lie in the past
    std::string ack_note{};
    std::string first_run_uid{};  // empty once that run has been pruned
    std::string last_run_uid{};

    [[nodiscard]] bool is_acknowledged(WallTime now) const { return acked_until > now; }
};

/// Which findings to list; an empty field does not filter.
struct FindingFilter {
    std::string job{};
    std::string target{};
    Severity least = Severity::info;
    bool with_resolved = false;
    std::int64_t limit = 200;
};

}  // namespace caretaker
