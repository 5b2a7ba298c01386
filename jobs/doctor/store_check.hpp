// SPDX-License-Identifier: Apache-2.0
// Whether the store can be used, and whether it lies well.
#pragma once

#include "common/base/clock.hpp"
#include "common/store/status_records.hpp"
#include "common/store/store_health.hpp"
#include "jobs/doctor/doctor_check.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace caretaker {

/// `max_bytes` is how large the store may grow.
CheckRows judge_store(const StoreHealth& health, std::uint64_t max_bytes);

/// Who holds the lock of which job, as the runs that have not ended tell. `host` is ours: whether
/// the run of another one is alive cannot be seen from here.
CheckRows judge_locks(std::span<const RunUnderWay> runs, std::string_view host, WallTime now);

}  // namespace caretaker
