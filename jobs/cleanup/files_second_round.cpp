// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_second_round.hpp"

#include "jobs/cleanup/files_in_use.hpp"
#include "jobs/cleanup/freed_before.hpp"
#include "jobs/cleanup/space_limits.hpp"
#include "jobs/cleanup/taken_before.hpp"

#include <algorithm>
#include <vector>

namespace caretaker {

namespace {

/// Who had it open may have closed it since.
void forget_use(FileTree& tree) {
    for (TreeEntry& entry : tree.entries) {
        if (entry.verdict == EntryVerdict::in_use || entry.verdict == EntryVerdict::use_unknown) {
            entry.verdict = EntryVerdict::stays;
        }
    }
}

}  // namespace

bool plan_second_round(FilesState& state, DirectoryOpener& opener, const StopSignal& stop) {
    const auto is_short = [](const RuleWork& work) {
        return is_under_pressure(work.rule, work.disks_after);
    };
    if (std::ranges::none_of(state.works, is_short)) {
        return false;  // as most often: what was taken need not be known
    }
    TakenBefore before;
    for (const RuleWork& work : state.works) {
        before.add(work, work.selection);
    }
    FreedBefore freed;  // in this round: the first one's was measured
    bool found = false;
    for (RuleWork& work : state.works) {
        if (!is_short(work)) {
            continue;
        }
        forget_use(work.tree);
        before.mark(work);
        const std::vector<DiskSpace> disks = freed.relieved(work.disks_after);
        OpenFileProbe probe;
        do {
            work.further = select_files(work.rule, work.tree, state.now, disks);
        } while (find_files_in_use(work, work.further, probe, opener, stop));
        before.add(work, work.further);
        freed.add(work, work.further);
        found = found || !work.further.entries.empty() || !work.further.directories.empty();
    }
    return found;
}

}  // namespace caretaker
