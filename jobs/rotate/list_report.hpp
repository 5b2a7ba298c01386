// SPDX-License-Identifier: Apache-2.0
// The lists that filters leave, shown and not changed: show-indices and show-snapshots. Pure.
#pragma once

#include "common/base/report.hpp"
#include "jobs/rotate/index_facts.hpp"

#include <span>

namespace caretaker {

/// A row for each index: state, size, documents, shards, age.
Report report_indices(std::span<const IndexFacts> indices);

/// A row for each snapshot: state and start.
Report report_snapshots(std::span<const IndexFacts> snapshots);

}  // namespace caretaker
