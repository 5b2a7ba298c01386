// SPDX-License-Identifier: Apache-2.0
// Which of the files that a rule takes a process has open.
#pragma once

#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/open_files.hpp"
#include "jobs/cleanup/rule_work.hpp"

namespace caretaker {

class StopSignal;

/// Asks about what `selection` takes of the rule's tree. True: there are some that make a
/// difference to what is taken; their verdicts say so then, and a selection has to be made anew.
/// Throws Interrupted.
bool find_files_in_use(RuleWork& work,
                       const FileSelection& selection,
                       OpenFileProbe& probe,
                       DirectoryOpener& opener,
                       const StopSignal& stop);

}  // namespace caretaker
