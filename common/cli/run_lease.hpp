// SPDX-License-Identifier: Apache-2.0
// The leases that a run holds to its end, and the thread that renews them.
#pragma once

#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/lease_holding.hpp"
#include "common/http/service_http.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace caretaker {

class LeaseConnection;
class Settings;
struct RunInfo;
struct World;

/// What a run may do whose lease ends while it works.
enum class LeaseLoss {
    stops,      // nothing more: it changes things
    is_a_note,  // go on: it reads
};

class RunLease {
 public:
    struct Surroundings {
        World& world;
        const Settings& settings;
        const RunInfo& run;
        Log& log;
    };

    /// All of `around` outlives this.
    RunLease(ServiceOptions service,
             std::chrono::milliseconds ttl,
             LeaseLoss loss,
             const Surroundings& around);

    /// Ends the renewal. Releases nothing: what is still held ends by itself.
    ~RunLease();
    RunLease(const RunLease&) = delete;
    RunLease& operator=(const RunLease&) = delete;

    /// Takes the leases on the locks `names` of the run's target, in the order of the names, or
    /// none; waits up to `wait` for those that others hold. From then on they are renewed. Nothing:
    /// all are held; else the one in the way. May be called again then. Throws Interrupted when a
    /// stop is requested, and what take_lease() throws; what was taken by then is released.
    std::optional<Lease> take(std::vector<std::string> names, std::chrono::milliseconds wait);

    /// The first of those leases that another run holds, as a look shows it. Throws as take().
    std::optional<Lease> find_other(const std::vector<std::string>& names);

    /// For a run that changes things, before each change: throws Interrupted, and requests the stop
    /// of the run (StopSignal::lose_lease()), unless more than `longest` is left of all leases.
    void require(std::chrono::milliseconds longest);

    /// Ends the renewal and deletes what is still held. Takes no longer than an answer may, and
    /// less once a stop is requested. The log tells what could not be released.
    void release();

    /// What became of the lease, in words, where that is not as it should be; else empty.
    [[nodiscard]] std::string trouble() const;

    [[nodiscard]] std::chrono::milliseconds ttl() const { return times_.ttl; }

 private:
    /// A way to the index for one of the run's threads.
    [[nodiscard]] std::unique_ptr<LeaseConnection> connect(std::chrono::milliseconds request,
                                                           std::chrono::milliseconds retries_for,
                                                           Log& log,
                                                           const StopSignal& stop) const;
    [[nodiscard]] Lease lease_on(const std::string& name) const;
    std::optional<Lease> take_one(LeaseIndex& index, const std::string& name, SteadyTime deadline);
    void renew_until_quiet();
    bool renew_all(LeaseIndex& index);
    void note_term();
    void note_trouble(std::string words);
    [[nodiscard]] std::chrono::milliseconds remaining() const;
    void tell_trouble();
    void end_renewal();
    void release_all(std::chrono::milliseconds request);

    ServiceOptions service_;
    LeaseTimes times_;
    LeaseLoss loss_;
    Surroundings around_;
    std::optional<SearchEngine> engine_{};
    std::vector<HeldLease> held_{};  // the thread's while it runs

    mutable std::mutex mutex_{};
    std::optional<LeaseTerm> term_{};  // of the lease that ends first
    bool is_lost_ = false;
    std::string trouble_{};

    StopSignal quiet_{};  // ends the renewal, and its request
    std::thread renewal_{};
};

}  // namespace caretaker
