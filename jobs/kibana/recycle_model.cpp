// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/recycle_model.hpp"

#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

std::string span_text(milliseconds span) {
    return format_duration(std::max(span, milliseconds(0)));
}

std::optional<WallTime> later(const std::optional<WallTime>& a, const std::optional<WallTime>& b) {
    return std::max(a, b);  // nothing is before everything
}

class Decision {
 public:
    Decision(const KibanaFacts& facts, const KibanaPolicy& policy, WallTime now)
        : facts_(facts), state_(facts.state), app_(facts.app), policy_(policy), now_(now) {}

    KibanaDecision decide() {
        if (const std::string protection = find_protection(); !protection.empty()) {
            const bool is_ours = app_.instances == 0 && state_.suspended_at && !app_.is_deploying;
            return {.verdict = KibanaVerdict::protected_from_us,
                    .step = is_ours ? KibanaStep::resume : KibanaStep::none,
                    .reason = protection};
        }
        if (app_.is_deploying || app_.is_queued || app_.running < app_.instances) {
            return {.verdict = KibanaVerdict::busy, .reason = describe_busy()};
        }
        return app_.instances == 0 ? decide_stopped() : decide_running();
    }

 private:
    [[nodiscard]] std::string find_protection() const {
        const KibanaLabels& labels = facts_.labels;
        if (labels.is_protected) {
            return "its label caretaker.protect";
        }
        if (!labels.unreadable.empty()) {
            return labels.unreadable.front();
        }
        if (labels.protected_until && *labels.protected_until > now_) {
            return fmt::format("its label caretaker.protect_until, {}",
                               format_rfc3339(*labels.protected_until));
        }
        if (facts_.is_protected_by_pattern) {
            return "kibana.protect of the configuration";
        }
        if (state_.protected_until && *state_.protected_until > now_) {
            return fmt::format("caretaker kibana protect, until {}",
                               format_rfc3339(*state_.protected_until));
        }
        return {};
    }

    [[nodiscard]] std::string describe_busy() const {
        if (app_.is_deploying) {
            return "a deployment is under way";
        }
        if (app_.is_queued) {
            return "Marathon waits with it, or finds no place";
        }
        return fmt::format("{} of {} instances run", app_.running, app_.instances);
    }

    [[nodiscard]] KibanaDecision decide_stopped() const {
        if (!state_.suspended_at && !policy_.adopt_suspended) {
            return {.verdict = KibanaVerdict::foreign, .reason = "somebody else scaled it to 0"};
        }
        const WallTime since = state_.suspended_at.value_or(
            app_.scaled_at.value_or(app_.configured_at.value_or(now_)));
        if (state_.last_activity && *state_.last_activity > since) {
            return {.verdict = KibanaVerdict::wanted,
                    .step = KibanaStep::resume,
                    .reason = fmt::format("asked for {} ago ({})",
                                          span_text(now_ - *state_.last_activity),
                                          state_.activity_source)};
        }
        return decide_suspended(since);
    }

    /// Only what we suspended ourselves is ever destroyed, and only once it could be made anew.
    [[nodiscard]] KibanaDecision decide_suspended(WallTime since) const {
        KibanaDecision decision{.verdict = KibanaVerdict::suspended,
                                .reason = fmt::format("suspended for {}", span_text(now_ - since)),
                                .quiet_since = since};
        if (policy_.destroy_after == milliseconds(0) || !state_.suspended_at) {
            return decision;
        }
        const WallTime due = since + policy_.destroy_after;
        const auto& notice = state_.destroy_notice_at;
        const bool is_told = notice && *notice >= since;
        decision.deadline = is_told ? std::max(due, *notice + policy_.destroy_warn_before) : due;
        if (state_.saved_version.empty()) {
            if (now_ >= due) {
                decision.reason += "; not destroyed, as its definition was not kept";
            }
            decision.deadline.reset();
            return decision;
        }
        if (is_told && now_ >= *decision.deadline) {
            decision.step = KibanaStep::destroy;
        } else if (!is_told && now_ >= due - policy_.destroy_warn_before) {
            decision.step = KibanaStep::notify_destroy;
            decision.deadline = std::max(due, now_ + policy_.destroy_warn_before);
        }
        return decision;
    }

    [[nodiscard]] KibanaDecision decide_running() const {
        if (app_.made_at && now_ - *app_.made_at < policy_.min_age) {
            return {.verdict = KibanaVerdict::too_young,
                    .reason = fmt::format("made {} ago, left alone for {}",
                                          span_text(now_ - *app_.made_at),
                                          span_text(policy_.min_age))};
        }
        const auto since = last_event();
        KibanaDecision decision = judge(policy_.idle_after);
        decision.quiet_since = since;
        const bool is_in_use = decision.verdict == KibanaVerdict::active ||
                               decision.verdict == KibanaVerdict::too_young;
        if (is_in_use && since) {
            decision.deadline = *since + policy_.idle_after;
            const bool is_soon =
                policy_.warn_before < policy_.idle_after &&
                judge(policy_.idle_after - policy_.warn_before).verdict == KibanaVerdict::idle;
            if (is_soon) {
                decision.verdict = KibanaVerdict::idle_soon;
                decision.step = is_told() ? KibanaStep::none : KibanaStep::notify;
                if (!is_told() && policy_.require_notice) {
                    decision.deadline = std::max(*decision.deadline, now_ + policy_.warn_before);
                }
            }
        }
        if (decision.verdict == KibanaVerdict::idle) {
            settle_idle(decision);
        }
        return decision;
    }

    void settle_idle(KibanaDecision& decision) const {
        if (!policy_.require_notice) {
            decision.step = KibanaStep::suspend;
            decision.deadline = now_;
        } else if (!is_told()) {
            decision.step = KibanaStep::notify;
            decision.deadline = now_ + policy_.warn_before;
        } else {
            decision.deadline = std::max(now_, *state_.notice_at + policy_.warn_before);
            decision.step = *decision.deadline <= now_ ? KibanaStep::suspend : KibanaStep::none;
        }
    }

    /// The verdict of a running app if it were idle after `idle_after`.
    [[nodiscard]] KibanaDecision judge(milliseconds idle_after) const {
        const WatchSpan window{now_ - idle_after, now_};
        if (state_.last_activity && *state_.last_activity >= window.begin) {
            return {.verdict = KibanaVerdict::active,
                    .reason = fmt::format("used {} ago ({})",
                                          span_text(now_ - *state_.last_activity),
                                          state_.activity_source)};
        }
        const auto change = last_change();
        if (change && *change >= window.begin) {
            return {.verdict = KibanaVerdict::too_young,
                    .reason = fmt::format("changed or resumed {} ago", span_text(now_ - *change))};
        }
        if (const std::string gap = find_gap(window); !gap.empty()) {
            return {.verdict = KibanaVerdict::unknown, .reason = gap};
        }
        return {.verdict = KibanaVerdict::idle,
                .reason = state_.last_activity
                              ? fmt::format("not used for {}, idle after {}",
                                            span_text(now_ - *state_.last_activity),
                                            span_text(policy_.idle_after))
                              : fmt::format("no use seen in {}", span_text(idle_after))};
    }

    /// Why nobody can say that there was no use; empty: they can.
    [[nodiscard]] std::string find_gap(WatchSpan window) const {
        const auto end = facts_.watched.end();
        if (!end || *end <= window.begin) {
            return "nothing tells whether it is used";
        }
        if (*end < now_ - policy_.max_staleness) {
            return fmt::format("nothing is known of the last {}", span_text(now_ - *end));
        }
        const milliseconds length = window.end - window.begin;
        const milliseconds gap = length - facts_.watched.covered(window);
        if (gap.count() * 100 > length.count() * policy_.max_uncovered) {
            return fmt::format("nothing is known of {} in the last {}, at most {} % may be missing",
                               span_text(gap),
                               span_text(length),
                               policy_.max_uncovered);
        }
        return {};
    }

    [[nodiscard]] std::optional<WallTime> last_change() const {
        return later(later(app_.configured_at, app_.scaled_at), state_.resumed_at);
    }

    [[nodiscard]] std::optional<WallTime> last_event() const {
        return later(state_.last_activity, last_change());
    }

    /// Whether the owner was told of the coming suspension, in this very idle spell: what was used
    /// before the notice came, but seen only after it, has begun another.
    [[nodiscard]] bool is_told() const {
        return state_.notice_at && state_.notice_at > last_event() &&
               state_.notice_of == last_event();
    }

    const KibanaFacts& facts_;
    const KibanaState& state_;
    const KibanaApp& app_;
    const KibanaPolicy& policy_;
    WallTime now_;
};

}  // namespace

std::string_view to_string(KibanaVerdict verdict) {
    constexpr std::array<std::string_view, 10> words{"protected",
                                                     "busy",
                                                     "foreign",
                                                     "wanted",
                                                     "suspended",
                                                     "too_young",
                                                     "active",
                                                     "idle_soon",
                                                     "idle",
                                                     "unknown"};
    return words.at(static_cast<std::size_t>(verdict));
}

std::string_view to_string(KibanaStep step) {
    constexpr std::array<std::string_view, 6> words{
        "", "notify", "suspend", "resume", "notify of the end", "destroy"};
    return words.at(static_cast<std::size_t>(step));
}

KibanaDecision decide_kibana(const KibanaFacts& facts, const KibanaPolicy& policy, WallTime now) {
    return Decision(facts, policy, now).decide();
}

bool was_woken_by_others(const KibanaFacts& facts) {
    return facts.app.instances > 0 && facts.state.suspended_at.has_value();
}

}  // namespace caretaker
