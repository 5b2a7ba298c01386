// SPDX-License-Identifier: Apache-2.0
// What a run can know about the time.
#pragma once

#include "common/base/clock_trouble.hpp"
#include "common/base/context.hpp"
#include "common/http/service_clock.hpp"

namespace caretaker {

/// Connectors like those of the program, whose HTTP answers show their Date to `clocks`. `clock`
/// and `clocks` outlive what they make.
Connectors watch_clocks(const Connectors& connect, Clock& clock, ServiceClocks& clocks);

/// Asks the clock, and the store for earlier runs. Throws StoreError.
ClockFacts gather_clock_facts(const Context& context, const ServiceClocks& clocks);

}  // namespace caretaker
