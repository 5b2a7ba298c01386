// SPDX-License-Identifier: Apache-2.0
#include "common/cli/lease_holding.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

/// Each one that fails means that another run wrote the document in between.
constexpr int most_tries = 5;

RemoteError contested(const std::string& id) {
    return {RemoteFailure::unreachable,
            "lease_contested",
            fmt::format("elasticsearch: {} in {} changes with every look; try again later",
                        id,
                        LeaseIndex::name)};
}

/// Whether it can be told by the mark alone that the document is still ours. Not once the lease may
/// have been taken over: versions begin anew with a document that was deleted and made again.
bool is_surely_ours(const HeldLease& held, const Clock& clock) {
    return remaining_lease(held.term, clock.now(), clock.steady()).count() > 0;
}

/// A lease about to be written, with its new end.
HeldLease prolonged(const HeldLease& held, milliseconds ttl, const Clock& clock) {
    HeldLease next = held;
    next.term = begin_lease_term(clock.now(), clock.steady(), ttl);
    next.lease.expires_at = next.term.expires_at;
    return next;
}

/// Writes `next`; true when it stands.
bool write(LeaseIndex& index, HeldLease& next, const DocumentMark* over) {
    const auto mark = over == nullptr ? index.create(next.id, next.lease)
                                      : index.replace(next.id, next.lease, *over);
    if (mark) {
        next.mark = *mark;
    }
    return mark.has_value();
}

}  // namespace

LeaseAttempt take_lease(LeaseIndex& index, Lease wanted, milliseconds ttl, const Clock& clock) {
    HeldLease own{.id = lease_id(wanted.lock, wanted.target), .lease = std::move(wanted)};
    for (int tries = 0; tries < most_tries; ++tries) {
        std::optional<StoredLease> found = index.fetch(own.id);
        const auto lease = found ? std::optional(found->lease) : std::nullopt;
        if (decide_lease(lease, own.lease.owner, clock.now()) == LeaseStep::wait) {
            return {.held = std::nullopt, .other = std::move(found->lease)};
        }
        HeldLease next = prolonged(own, ttl, clock);
        if (write(index, next, found ? &found->mark : nullptr)) {
            return {.held = std::move(next), .other = {}};
        }
    }
    throw contested(own.id);
}

bool renew_lease(LeaseIndex& index, HeldLease& held, milliseconds ttl, const Clock& clock) {
    HeldLease next = prolonged(held, ttl, clock);
    if (is_surely_ours(held, clock) && write(index, next, &held.mark)) {
        held = std::move(next);
        return true;
    }
    for (int tries = 0; tries < most_tries; ++tries) {
        const std::optional<StoredLease> found = index.fetch(held.id);
        const auto lease = found ? std::optional(found->lease) : std::nullopt;
        if (decide_renewal(lease, held.lease.owner) == RenewalStep::end) {
            return false;
        }
        next = prolonged(held, ttl, clock);
        if (write(index, next, found ? &found->mark : nullptr)) {
            held = std::move(next);
            return true;
        }
    }
    throw contested(held.id);
}

void release_lease(LeaseIndex& index, const HeldLease& held, const Clock& clock) {
    if (is_surely_ours(held, clock) && index.remove(held.id, held.mark)) {
        return;
    }
    const std::optional<StoredLease> found = index.fetch(held.id);
    if (found && found->lease.owner == held.lease.owner) {
        index.remove(held.id, found->mark);
    }
}

}  // namespace caretaker
