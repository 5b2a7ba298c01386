// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_findings.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

void sort_findings(std::vector<FindingState>& states) {
    std::ranges::stable_sort(states, [](const FindingState& a, const FindingState& b) {
        return std::pair(b.finding.severity, std::string_view(a.finding.subject)) <
               std::pair(a.finding.severity, std::string_view(b.finding.subject));
    });
}

}  // namespace

std::vector<FindingState> stored_findings(const FindingsDiff& diff) {
    std::vector<FindingState> states;
    for (const auto* list : {&diff.findings, &diff.resolved_findings}) {
        for (const StoredFinding& stored : *list) {
            states.push_back({.id = stored.id,
                              .finding = stored.finding,
                              .status = stored.status,
                              .first_seen_at = stored.first_seen});
        }
    }
    sort_findings(states);
    return states;
}

std::vector<FindingState> unstored_findings(const FinishedRun& run) {
    std::vector<FindingState> states;
    for (const Finding& finding : run.report.findings) {
        states.push_back({.finding = finding,
                          .status = FindingStatus::added,
                          .first_seen_at = run.info.started_at});
    }
    sort_findings(states);
    return states;
}

}  // namespace caretaker
