// SPDX-License-Identifier: Apache-2.0
// A lease: the lock of a job and target that all hosts see and that ends by itself. What others may
// do about one that they find, and its holder about its own. No IO.
#pragma once

#include "common/base/wall_time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// Who has a lock, of what, and until when.
struct Lease {
    std::string lock{};  // of a job, or of what jobs share
    std::string target{};
    std::string owner{};  // uid of the run
    std::string host{};
    std::string task_id{};  // of Mesos; empty: none
    int pid = 0;
    WallTime started_at{};  // of the run
    WallTime expires_at{};  // by the clock of `host`

    friend bool operator==(const Lease&, const Lease&) = default;
};

/// So much longer than it says a lease is respected: clocks of hosts differ.
inline constexpr std::chrono::milliseconds lease_margin{10'000};

/// "rotate@prod", the id of the lease's document; of names that are longer than 256 bytes the
/// beginning with a hash of all.
std::string lease_id(std::string_view lock, std::string_view target);

/// What a run that wants the lock does.
enum class LeaseStep {
    create,     // there is none
    take_over,  // its time is over, and the margin too
    keep,       // it is the run's own: only the answer to the request that wrote it was lost
    wait,       // another run holds it
};

LeaseStep decide_lease(const std::optional<Lease>& found, std::string_view owner, WallTime now);

/// What its holder does when the lease is no longer as it wrote it.
enum class RenewalStep {
    write,   // it is the holder's own all the same
    create,  // it is gone, and nobody else has taken it
    end,     // another run has it: the holder has lost it for good
};

RenewalStep decide_renewal(const std::optional<Lease>& found, std::string_view owner);

/// How long its holder may trust a lease, by both of its clocks.
struct LeaseTerm {
    SteadyTime ends_at{};
    WallTime expires_at{};
};

/// That of a lease whose request leaves now: counted from there, as the answer may take its time.
LeaseTerm begin_lease_term(WallTime now, SteadyTime steady, std::chrono::milliseconds ttl);

/// What is left of it, by the clock that leaves less: the wall clock may have been set, the
/// monotonic one stands while the machine sleeps. Not less than 0.
std::chrono::milliseconds remaining_lease(const LeaseTerm& term, WallTime now, SteadyTime steady);

/// When a lease is renewed.
struct LeaseTimes {
    std::chrono::milliseconds ttl{};
    std::chrono::milliseconds renew_every{};  // ttl / 3
    std::chrono::milliseconds retry_every{};  // ttl / 12, after a renewal that failed
    std::chrono::milliseconds request{};      // a renewal that takes longer has failed
};

LeaseTimes plan_lease_times(std::chrono::milliseconds ttl);

/// The least `ttl` with which a request of `timeout` may begin at any moment between two renewals.
std::chrono::milliseconds least_lease_ttl(std::chrono::milliseconds timeout);

/// "{"run":…} for 3m, its lease ends in 41s", for whom it keeps away. Says so where it lasts longer
/// than any lease of `ttl` does, which a clock that is ahead makes.
std::string describe_lease_holder(const Lease& lease, WallTime now, std::chrono::milliseconds ttl);

}  // namespace caretaker
