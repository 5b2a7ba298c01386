// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/notice_model.hpp"

#include "jobs/kibana/kibana_event.hpp"

namespace caretaker {

bool is_notice_for(std::string_view kind, KibanaStep step) {
    return (kind == event_kind::notice && step == KibanaStep::notify) ||
           (kind == event_kind::destroy_notice && step == KibanaStep::notify_destroy);
}

bool is_still_true(std::string_view kind,
                   const std::optional<WallTime>& idle_since,
                   const KibanaDecision& decision) {
    const bool is_notice = kind == event_kind::notice || kind == event_kind::destroy_notice;
    return !is_notice || (is_notice_for(kind, decision.step) && idle_since == decision.quiet_since);
}

}  // namespace caretaker
