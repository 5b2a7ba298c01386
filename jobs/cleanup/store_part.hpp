// SPDX-License-Identifier: Apache-2.0
// The part `store` of a cleanup: what caretaker itself keeps on the host for longer than it should.
#pragma once

#include "jobs/cleanup/cleanup_part.hpp"

#include <memory>

namespace caretaker {

struct Context;

/// Takes from the run's store the rows that are older than store.retention allows, as `caretaker
/// store prune` does; never its file. For those who ask for it: whatever a run is for, once a day
/// it does the same at its end.
std::unique_ptr<CleanupPart> make_store_part(Context& context);

}  // namespace caretaker
