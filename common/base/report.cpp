// SPDX-License-Identifier: Apache-2.0
#include "common/base/report.hpp"

#include <algorithm>
#include <array>

namespace caretaker {

std::string_view to_string(Outcome outcome) {
    static constexpr std::array<std::string_view, 9> words{"ok",
                                                           "partial",
                                                           "findings",
                                                           "failed",
                                                           "skipped",
                                                           "interrupted",
                                                           "timeout",
                                                           "braked",
                                                           "lost"};
    return words.at(static_cast<std::size_t>(outcome));
}

std::string_view to_string(MetricKind kind) {
    static constexpr std::array<std::string_view, 3> words{"counter", "gauge", "timer"};
    return words.at(static_cast<std::size_t>(kind));
}

std::string_view to_string(Severity severity) {
    static constexpr std::array<std::string_view, 5> words{
        "info", "low", "warn", "high", "critical"};
    return words.at(static_cast<std::size_t>(severity) - 1);
}

std::optional<Severity> parse_severity(std::string_view word) {
    const auto* found = std::ranges::find(
        all_severities, word, [](Severity severity) { return to_string(severity); });
    return found == all_severities.end() ? std::nullopt : std::optional(*found);
}

std::string_view to_string(FindingStatus status) {
    static constexpr std::array<std::string_view, 3> words{"new", "open", "resolved"};
    return words.at(static_cast<std::size_t>(status));
}

std::string_view to_string(ActionState state) {
    static constexpr std::array<std::string_view, 6> words{
        "would", "started", "done", "failed", "skipped", "unknown"};
    return words.at(static_cast<std::size_t>(state));
}

}  // namespace caretaker
