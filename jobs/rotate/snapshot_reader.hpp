// SPDX-License-Identifier: Apache-2.0
// The snapshots of a repository, and whether one is being taken.
#pragma once

#include "common/base/upkeep_plan.hpp"
#include "jobs/rotate/rotate_plan.hpp"
#include "jobs/rotate/search_cluster.hpp"
#include "jobs/rotate/snapshot_facts.hpp"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// One snapshot as it is listed.
struct ListedSnapshot {
    IndexFacts facts{};  // name, uuid, start and state
    SnapshotContents contents{};
};

/// Calls `take` for each snapshot of a repository while the answer arrives, in the server's order;
/// the texts of its facts are gone when it returns. `begin` before, and again each time that the
/// request is sent once more. `problem` is set where there is no repository of that name. Throws
/// RemoteError and JsonError.
void read_snapshots(SearchCluster& cluster,
                    const std::string& repository,
                    const std::function<void()>& begin,
                    const std::function<void(ListedSnapshot)>& take,
                    std::string& problem);

/// All of them; `with_contents` also what is in each.
SnapshotList fetch_snapshots(SearchCluster& cluster,
                             const std::string& repository,
                             bool with_contents,
                             std::string& problem);

/// How those snapshots are now that the actions were making or deleting; one request for each.
/// Those whose repository is not there are left out. Throws RemoteError and JsonError.
std::vector<SnapshotLook> look_at_snapshots(SearchCluster& cluster,
                                            std::span<const UnsettledAction> actions);

/// Whether a snapshot is being taken in any repository. Throws RemoteError and JsonError.
bool is_snapshot_running(SearchCluster& cluster);

/// The indices that are in running snapshots. Throws RemoteError and JsonError.
std::set<std::string> fetch_indices_in_snapshots(SearchCluster& cluster);

}  // namespace caretaker
