// SPDX-License-Identifier: Apache-2.0
// One lease as its holder takes, renews and releases it.
#pragma once

#include "common/base/clock.hpp"
#include "common/clients/lease_index.hpp"
#include "common/clients/lease_plan.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace caretaker {

struct HeldLease {
    std::string id{};
    Lease lease{};
    DocumentMark mark{};
    LeaseTerm term{};
};

/// Either the lease, or the one of another run that is in the way.
struct LeaseAttempt {
    std::optional<HeldLease> held{};
    Lease other{};
};

/// Takes the lease that `wanted` names, without waiting for another one; its `expires_at` is set
/// here. Throws what LeaseIndex does, and RemoteError "lease_contested" where others change the
/// document again and again meanwhile.
LeaseAttempt take_lease(LeaseIndex& index,
                        Lease wanted,
                        std::chrono::milliseconds ttl,
                        const Clock& clock);

/// Prolongs it. False when another run has it; `held` then stays as it was. Throws as take_lease().
bool renew_lease(LeaseIndex& index,
                 HeldLease& held,
                 std::chrono::milliseconds ttl,
                 const Clock& clock);

/// Deletes it, unless another run has it. Throws what LeaseIndex does.
void release_lease(LeaseIndex& index, const HeldLease& held, const Clock& clock);

}  // namespace caretaker
