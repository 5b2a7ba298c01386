// SPDX-License-Identifier: Apache-2.0
// What a round over the fleet has to tell of one of its Kibanas.
#pragma once

#include "jobs/kibana/kibana_event.hpp"

#include <string_view>

namespace caretaker {

struct Context;
struct KibanaDecision;
struct KibanaFacts;
class KibanaFleet;

/// An event of now with an id of its own. Without an app in `kibana` it is about the whole fleet.
KibanaEvent make_kibana_event(std::string_view kind,
                              const KibanaFacts& kibana,
                              const KibanaDecision& decision,
                              const KibanaFleet& fleet,
                              const Context& context);

}  // namespace caretaker
