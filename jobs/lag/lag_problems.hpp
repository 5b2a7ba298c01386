// SPDX-License-Identifier: Apache-2.0
// What a run wanted to read and could not, in words.
#pragma once

#include "common/base/report.hpp"
#include "jobs/lag/lag_model.hpp"

#include <vector>

namespace caretaker {

/// One problem per broker that did not list its groups, per named topic and per group that cannot
/// be read. Partitions are summed up by cause, and by broker where it is one that does not answer:
/// a dead broker of a large cluster leads thousands.
///
/// A deleted topic that still has commits is no problem. Neither is a broker that did not list its
/// groups when only named groups were wanted and all of them were read.
std::vector<Problem> find_problems(const ClusterLag& cluster);

}  // namespace caretaker
