// SPDX-License-Identifier: Apache-2.0
// How a probe for offers subscribes: as a framework that sees all that a master can offer.
#pragma once

#include "jobs/leftovers/offer_probe.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Those that a master of that version ("1.9.0"; empty: not known, the newest) takes and that widen
/// what is offered.
std::vector<std::string_view> offer_capabilities(std::string_view version);

/// The body of SUBSCRIBE.
std::string format_subscription(const OfferProbeOptions& options);

}  // namespace caretaker
