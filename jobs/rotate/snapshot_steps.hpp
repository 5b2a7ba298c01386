// SPDX-License-Identifier: Apache-2.0
// Steps that make snapshots and delete them.
#pragma once

#include "jobs/rotate/step_tools.hpp"

namespace caretaker {

/// What keeps a snapshot or a restore from being begun: a repository that fails its check
/// (skip_repo_fs_check: false), or another snapshot in progress where the version takes one at a
/// time. Nothing where nothing does.
std::optional<ActionResult> find_repository_trouble(StepTools& tools, const ActionSpec& spec);

void run_snapshot_step(StepTools& tools, const RotateStep& step);

/// One after the other. Where the version takes one snapshot at a time, a running one is waited for
/// before each: retry_count times, retry_interval apart.
void run_snapshot_deletes(StepTools& tools, const RotateStep& step);

}  // namespace caretaker
