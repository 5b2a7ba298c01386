// SPDX-License-Identifier: Apache-2.0
// Notices that could not be delivered at once: whether they are still true. No IO.
#pragma once

#include "jobs/kibana/recycle_model.hpp"

#include <optional>
#include <string_view>

namespace caretaker {

/// Whether an event of that kind is what the step tells an owner.
bool is_notice_for(std::string_view kind, KibanaStep step);

/// Whether the event may still be sent. A notice of what is to come may be if the decision is to
/// tell just that, in the same idle spell; what tells of things done stays true.
bool is_still_true(std::string_view kind,
                   const std::optional<WallTime>& idle_since,
                   const KibanaDecision& decision);

}  // namespace caretaker
