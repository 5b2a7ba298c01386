// SPDX-License-Identifier: Apache-2.0
// Action files as lifecycle policies, which a cluster carries out by itself.
#pragma once

#include "jobs/rotate/action_file.hpp"

#include <deque>
#include <string>
#include <vector>

namespace caretaker {

enum class PolicyKind { ilm, ism };

/// What a policy cannot say.
struct LeftOutOfPolicy {
    std::string action{};  // "action 3 (alias)"
    std::string reason{};
};

/// A policy for the indices of one pattern.
struct ExportedPolicy {
    std::string index_pattern{};  // "logs-*"
    std::string body{};           // JSON, as the API takes it
};

struct PolicyExport {
    std::vector<ExportedPolicy> policies{};
    std::vector<LeftOutOfPolicy> left_out{};
};

/// The policies that do what the actions say, as far as one can: Elasticsearch's ILM (PUT
/// /_ilm/policy/NAME) or OpenSearch's ISM (PUT /_plugins/_ism/policies/NAME). An age is a policy's
/// min_age, which counts from an index's creation or rollover, not from the date in its name.
PolicyExport export_policies(const std::deque<ActionSpec>& actions, PolicyKind kind);

/// The export as one JSON document.
std::string format_export(const PolicyExport& result, PolicyKind kind);

}  // namespace caretaker
