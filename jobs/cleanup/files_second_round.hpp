// SPDX-License-Identifier: Apache-2.0
// What rules take beyond their plan where that left their disks with too little free space: others
// wrote meanwhile, or what went was still open somewhere and freed nothing.
#pragma once

#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/files_state.hpp"

namespace caretaker {

class StopSignal;

/// Decides it from what the walk saw, what became of the plan, and RuleWork::disks_after; fills
/// RuleWork::further. What was open is asked about again; what was young when the run began stays.
/// True: there is something. Throws Interrupted.
bool plan_second_round(FilesState& state, DirectoryOpener& opener, const StopSignal& stop);

}  // namespace caretaker
