// SPDX-License-Identifier: Apache-2.0
#include "common/clients/lease_plan.hpp"

#include "common/base/lock_holder.hpp"
#include "common/text/duration.hpp"
#include "common/text/stable_hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_id = 256;  // the servers take 512
constexpr milliseconds longest_request{5'000};

}  // namespace

std::string lease_id(std::string_view lock, std::string_view target) {
    std::string id = fmt::format("{}@{}", lock, target);
    if (id.size() > longest_id) {
        const std::string hash = hex16(stable_hash(id));
        id.resize(longest_id - hash.size() - 1);
        id += fmt::format(".{}", hash);
    }
    return id;
}

LeaseStep decide_lease(const std::optional<Lease>& found, std::string_view owner, WallTime now) {
    if (!found) {
        return LeaseStep::create;
    }
    if (found->owner == owner) {
        return LeaseStep::keep;
    }
    return found->expires_at + lease_margin < now ? LeaseStep::take_over : LeaseStep::wait;
}

RenewalStep decide_renewal(const std::optional<Lease>& found, std::string_view owner) {
    if (!found) {
        return RenewalStep::create;
    }
    return found->owner == owner ? RenewalStep::write : RenewalStep::end;
}

LeaseTerm begin_lease_term(WallTime now, SteadyTime steady, milliseconds ttl) {
    return {.ends_at = steady + ttl, .expires_at = now + ttl};
}

milliseconds remaining_lease(const LeaseTerm& term, WallTime now, SteadyTime steady) {
    const auto by_steady = std::chrono::floor<milliseconds>(term.ends_at - steady);
    return std::max(milliseconds(0), std::min(by_steady, milliseconds(term.expires_at - now)));
}

LeaseTimes plan_lease_times(milliseconds ttl) {
    return {.ttl = ttl,
            .renew_every = ttl / 3,
            .retry_every = ttl / 12,
            .request = std::min(longest_request, ttl / 4)};
}

milliseconds least_lease_ttl(milliseconds timeout) {
    return timeout * 3 / 2 + milliseconds(1);
}

std::string describe_lease_holder(const Lease& lease, WallTime now, milliseconds ttl) {
    const milliseconds left = lease.expires_at - now;
    std::string words = fmt::format(
        "{} for {}, its lease {}",
        format_lock_holder({.run_uid = lease.owner,
                            .host = lease.host,
                            .task_id = lease.task_id,
                            .pid = lease.pid,
                            .started_at = lease.started_at}),
        format_duration(std::max(milliseconds(0), milliseconds(now - lease.started_at))),
        left.count() < 0 ? fmt::format("ended {} ago", format_duration(-left))
                         : fmt::format("ends in {}", format_duration(left)));
    if (left > ttl + lease_margin) {
        words += fmt::format(
            " (longer than leases last here: the clock of {} is ahead, or its lock.ttl is longer)",
            lease.host);
    }
    return words;
}

}  // namespace caretaker
