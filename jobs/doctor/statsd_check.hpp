// SPDX-License-Identifier: Apache-2.0
// Whether the StatsD server is found, and whether anything speaks against the delivery.
#pragma once

#include "jobs/doctor/doctor_check.hpp"

namespace caretaker {

struct Context;

/// Two rows, "dns" and "statsd". Sends the counter `ping` twice, as `statsd ping` does, and is
/// bounded as that is.
CheckRows check_statsd(const Context& context);

}  // namespace caretaker
