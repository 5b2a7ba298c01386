// SPDX-License-Identifier: Apache-2.0
// What keeps other runs of a job and target away from a run: the locks of its host and, where the
// settings say so, a lease that other hosts see.
#pragma once

#include "common/base/upkeep_job.hpp"
#include "common/cli/run_lease.hpp"
#include "common/cli/run_locks.hpp"
#include "common/cli/run_options.hpp"
#include "common/cli/run_request.hpp"
#include "common/cli/world.hpp"
#include "common/http/change_gate.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class RunExclusion {
 public:
    /// Reads lock.backend and what it needs. Throws UsageError where that is wrong; a job that only
    /// reads goes without a lease where the target has no search engine. All outlive this.
    RunExclusion(const RunRequest& request, const RunInfo& run, World& world, Log& log);

    /// What the run takes; no names: it goes beside all others.
    [[nodiscard]] const UpkeepLock& lock() const { return lock_; }

    /// What is to become of the run if another one is in its way.
    [[nodiscard]] OnLocked policy() const { return policy_; }

    /// Takes the locks, waiting for others as --on-locked says. `store_path`: of the store beside
    /// which they lie; empty without one. Nothing: the run has them; else who is in its way, in
    /// words. Throws StoreError "lock", Interrupted, and for a job that changes things RemoteError
    /// where the index of leases cannot be used; one that reads goes on without.
    std::optional<std::string> take(const std::string& store_path);

    /// For a dry run, which takes nothing: warns where another host holds a lease.
    void warn_of_others();

    /// To be asked before each change of the run; empty where nothing has to be.
    [[nodiscard]] ChangePermit permit();

    /// How long a change may be under way, by the settings of the target's services.
    [[nodiscard]] std::chrono::milliseconds longest_request() const;

    /// Releases what other hosts see; the locks of this host go with the object.
    void release();

    /// Why the lease is not as it should be; empty: it is.
    [[nodiscard]] std::string trouble() const;

 private:
    void open_lease();
    void check_lease_time(std::chrono::milliseconds ttl) const;
    [[nodiscard]] LockRequest local_request(const std::string& store_path) const;
    [[nodiscard]] std::chrono::milliseconds longest_wait() const;
    std::optional<std::string> take_local(const std::string& store_path, SteadyTime& wait_until);
    std::optional<std::string> take_lease(SteadyTime wait_until);
    void begin_waiting(const std::string& for_whom, SteadyTime& wait_until);
    [[nodiscard]] std::string describe(const Lease& lease) const;

    const RunRequest& request_;
    const RunInfo& run_;
    World& world_;
    Log& log_;
    bool changes_things_;
    UpkeepLock lock_;
    OnLocked policy_;
    bool is_local_ = true;
    std::vector<LockFile> files_{};
    std::optional<RunLease> lease_{};
    bool has_lease_ = false;
    std::string why_no_lease_{};  // though the settings want one
};

}  // namespace caretaker
