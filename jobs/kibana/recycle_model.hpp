// SPDX-License-Identifier: Apache-2.0
// Whether a Kibana is in use, and what is to be done with it: the decision for one app. No IO.
#pragma once

#include "jobs/kibana/kibana_app.hpp"
#include "jobs/kibana/kibana_policy.hpp"
#include "jobs/kibana/watch_spans.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// What earlier runs did and saw; all unset for an app that is new to us.
struct KibanaState {
    std::optional<WallTime> last_activity{};
    std::string activity_source{};           // "access_log", "proxy", "ops", "docs", "touch"
    std::optional<WallTime> notice_at{};     // of a coming suspension, when it was delivered
    std::optional<WallTime> notice_of{};     // the last use or change before it, as it told
    std::optional<WallTime> suspended_at{};  // by us
    std::int64_t saved_instances = 0;        // that it had then
    std::optional<WallTime> resumed_at{};    // by us
    std::optional<WallTime> destroy_notice_at{};
    std::optional<WallTime> protected_until{};  // by `kibana protect`
    std::string saved_version{};                // of the definition that is kept; empty: none is
    std::optional<WallTime> gone_at{};          // since when Marathon does not have it

    friend bool operator==(const KibanaState&, const KibanaState&) = default;
};

/// All that the decision about one app goes by.
struct KibanaFacts {
    KibanaApp app{};
    KibanaLabels labels{};
    bool is_protected_by_pattern = false;
    KibanaState state{};
    /// When use would have been seen, by signals that can tell that there was none.
    WatchSpans watched{};
};

enum class KibanaVerdict {
    protected_from_us,
    busy,     // a deployment is under way, or it waits for a place
    foreign,  // somebody else scaled it to 0
    wanted,   // suspended, and somebody came
    suspended,
    too_young,  // made or changed not long ago
    active,
    idle_soon,
    idle,
    unknown,  // nobody could tell
};

/// "protected", "busy", …
std::string_view to_string(KibanaVerdict verdict);

enum class KibanaStep {
    none,
    notify,
    suspend,
    resume,
    notify_destroy,
    destroy,
};

/// What people call it: "suspend", "tell the owner".
std::string_view to_string(KibanaStep step);

struct KibanaDecision {
    KibanaVerdict verdict = KibanaVerdict::unknown;
    KibanaStep step = KibanaStep::none;
    std::string reason{};                   // "not used for 16 d, idle after 14 d"
    std::optional<WallTime> deadline{};     // when it is suspended or destroyed, if nobody comes
    std::optional<WallTime> quiet_since{};  // last use or change, whichever is later
};

/// The first rule that holds decides: protected, busy, foreign, wanted, suspended, too young,
/// active, too young again (changed), unknown, idle. Unknown never leads to a step. `policy` is
/// that of the app (lengthened()).
KibanaDecision decide_kibana(const KibanaFacts& facts, const KibanaPolicy& policy, WallTime now);

/// Whether somebody scaled it up that we had suspended: the suspension is to be forgotten then.
bool was_woken_by_others(const KibanaFacts& facts);

}  // namespace caretaker
