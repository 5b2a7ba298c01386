// SPDX-License-Identifier: Apache-2.0
// How jobs stand, as a table and in one line. Pure.
#pragma once

#include "common/base/report.hpp"
#include "jobs/status/job_health.hpp"

#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// One row each, in the order given; ages are as of `now`.
Table format_status(std::span<const JobHealth> jobs, WallTime now);

/// The jobs that are not well, by name and reason, at most five of them; else how many are.
std::string summarize_status(std::span<const JobHealth> jobs);

/// How many jobs there are, how many of them are in which state, overdue, running and held, and the
/// open findings.
std::vector<Metric> status_metrics(std::span<const JobHealth> jobs);

}  // namespace caretaker
