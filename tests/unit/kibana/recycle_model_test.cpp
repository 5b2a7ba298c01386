// SPDX-License-Identifier: Apache-2.0
// The decision about one Kibana: each rule at its boundary, and what must hold whatever the facts.
#include "jobs/kibana/recycle_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>

namespace caretaker {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr WallTime now{std::chrono::hours(500'000)};
constexpr milliseconds one{1};

/// Old, running, watched all the time, never used, nobody told.
KibanaFacts quiet_kibana() {
    KibanaFacts facts{.app = {.id = "/kibana/ads",
                              .instances = 1,
                              .running = 1,
                              .scaled_at = now - days(100),
                              .configured_at = now - days(100)}};
    facts.watched.add({now - days(400), now});
    return facts;
}

struct DecisionCase {
    const char* name = "";
    void (*change)(KibanaFacts& facts, KibanaPolicy& policy) = nullptr;
    KibanaVerdict verdict = KibanaVerdict::unknown;
    KibanaStep step = KibanaStep::none;
};

void PrintTo(const DecisionCase& one_case, std::ostream* out) {
    *out << one_case.name;
}

class KibanaDecisionTable : public ::testing::TestWithParam<DecisionCase> {};

TEST_P(KibanaDecisionTable, FollowsTheRules) {
    KibanaFacts facts = quiet_kibana();
    KibanaPolicy policy;
    GetParam().change(facts, policy);
    const KibanaDecision decision = decide_kibana(facts, policy, now);
    EXPECT_EQ(to_string(decision.verdict), to_string(GetParam().verdict)) << decision.reason;
    EXPECT_EQ(to_string(decision.step), to_string(GetParam().step)) << decision.reason;
    EXPECT_NE(decision.reason, "");
}

using Facts = KibanaFacts;
using Policy = KibanaPolicy;

/// Of the idle spell in which the app is.
void tell(Facts& facts, milliseconds ago) {
    facts.state.notice_at = now - ago;
    facts.state.notice_of =
        std::max({facts.state.last_activity, facts.app.configured_at, facts.app.scaled_at});
}

void suspend(Facts& facts, milliseconds ago) {
    facts.app.instances = facts.app.running = 0;
    facts.state.suspended_at = now - ago;
    facts.state.saved_version = "v1";
}

INSTANTIATE_TEST_SUITE_P(
    Running,
    KibanaDecisionTable,
    ::testing::Values(
        DecisionCase{"never used", [](Facts&, Policy&) {}, KibanaVerdict::idle, KibanaStep::notify},
        DecisionCase{"told, but not long enough ago",
                     [](Facts& facts, Policy&) { tell(facts, days(2) - one); },
                     KibanaVerdict::idle},
        DecisionCase{"told long enough ago",
                     [](Facts& facts, Policy&) { tell(facts, days(2)); },
                     KibanaVerdict::idle,
                     KibanaStep::suspend},
        DecisionCase{"told before it was used again",
                     [](Facts& facts, Policy&) {
                         tell(facts, days(40));
                         facts.state.last_activity = now - days(30);
                     },
                     KibanaVerdict::idle,
                     KibanaStep::notify},
        DecisionCase{"told, but used before, which was seen only later",
                     [](Facts& facts, Policy&) {
                         tell(facts, days(30));
                         facts.state.last_activity = now - days(30) - one;
                     },
                     KibanaVerdict::idle,
                     KibanaStep::notify},
        DecisionCase{"told before it was changed",
                     [](Facts& facts, Policy&) {
                         tell(facts, days(40));
                         facts.app.configured_at = now - days(30);
                     },
                     KibanaVerdict::idle,
                     KibanaStep::notify},
        DecisionCase{"no notice is wanted",
                     [](Facts&, Policy& policy) { policy.require_notice = false; },
                     KibanaVerdict::idle,
                     KibanaStep::suspend},
        DecisionCase{"used within the time",
                     [](Facts& facts, Policy&) { facts.state.last_activity = now - days(11); },
                     KibanaVerdict::active},
        DecisionCase{
            "used just before that time",
            [](Facts& facts, Policy&) { facts.state.last_activity = now - days(14) - one; },
            KibanaVerdict::idle,
            KibanaStep::notify},
        DecisionCase{"used two days too late to be told",
                     [](Facts& facts, Policy&) { facts.state.last_activity = now - days(12); },
                     KibanaVerdict::active},
        DecisionCase{
            "about to be unused",
            [](Facts& facts, Policy&) { facts.state.last_activity = now - days(12) - one; },
            KibanaVerdict::idle_soon,
            KibanaStep::notify},
        DecisionCase{"about to be unused, and told",
                     [](Facts& facts, Policy&) {
                         facts.state.last_activity = now - days(13);
                         tell(facts, days(1));
                     },
                     KibanaVerdict::idle_soon},
        DecisionCase{"changed within the time",
                     [](Facts& facts, Policy&) { facts.app.configured_at = now - days(8); },
                     KibanaVerdict::too_young},
        DecisionCase{"scaled within the time",
                     [](Facts& facts, Policy&) { facts.app.scaled_at = now - days(8); },
                     KibanaVerdict::too_young},
        DecisionCase{"woken by us within the time",
                     [](Facts& facts, Policy&) { facts.state.resumed_at = now - days(8); },
                     KibanaVerdict::too_young},
        DecisionCase{"just made",
                     [](Facts& facts, Policy&) { facts.app.made_at = now - days(7) + one; },
                     KibanaVerdict::too_young},
        DecisionCase{"old enough",
                     [](Facts& facts, Policy&) { facts.app.made_at = now - days(7); },
                     KibanaVerdict::idle,
                     KibanaStep::notify},
        DecisionCase{"a deployment is under way",
                     [](Facts& facts, Policy&) { facts.app.is_deploying = true; },
                     KibanaVerdict::busy},
        DecisionCase{"waits for a place",
                     [](Facts& facts, Policy&) { facts.app.is_queued = true; },
                     KibanaVerdict::busy},
        DecisionCase{"does not run yet",
                     [](Facts& facts, Policy&) { facts.app.running = 0; },
                     KibanaVerdict::busy},
        DecisionCase{"protected by its label",
                     [](Facts& facts, Policy&) { facts.labels.is_protected = true; },
                     KibanaVerdict::protected_from_us},
        DecisionCase{"protected by what nobody can read",
                     [](Facts& facts, Policy&) { facts.labels.unreadable = {"the label …"}; },
                     KibanaVerdict::protected_from_us},
        DecisionCase{"protected by the configuration",
                     [](Facts& facts, Policy&) { facts.is_protected_by_pattern = true; },
                     KibanaVerdict::protected_from_us},
        DecisionCase{"protected by hand",
                     [](Facts& facts, Policy&) { facts.state.protected_until = now + one; },
                     KibanaVerdict::protected_from_us},
        DecisionCase{"protected until now",
                     [](Facts& facts, Policy&) {
                         facts.state.protected_until = now;
                         facts.labels.protected_until = now;
                     },
                     KibanaVerdict::idle,
                     KibanaStep::notify}));

INSTANTIATE_TEST_SUITE_P(
    Watched,
    KibanaDecisionTable,
    ::testing::Values(
        DecisionCase{
            "never", [](Facts& facts, Policy&) { facts.watched = {}; }, KibanaVerdict::unknown},
        DecisionCase{"with as large a gap as may be",
                     [](Facts& facts, Policy&) {
                         facts.watched = {};
                         facts.watched.add({now - days(14) + milliseconds(60'480'000), now});
                     },
                     KibanaVerdict::idle,
                     KibanaStep::notify},
        DecisionCase{"with a larger one",
                     [](Facts& facts, Policy&) {
                         facts.watched = {};
                         facts.watched.add({now - days(14) + milliseconds(60'480'001), now});
                     },
                     KibanaVerdict::unknown},
        DecisionCase{"until a while ago",
                     [](Facts& facts, Policy&) {
                         facts.watched = {};
                         facts.watched.add({now - days(20), now - hours(2)});
                     },
                     KibanaVerdict::idle,
                     KibanaStep::notify},
        DecisionCase{"until too long ago",
                     [](Facts& facts, Policy&) {
                         facts.watched = {};
                         facts.watched.add({now - days(20), now - hours(2) - one});
                     },
                     KibanaVerdict::unknown},
        DecisionCase{"only before the time that counts",
                     [](Facts& facts, Policy&) {
                         facts.watched = {};
                         facts.watched.add({now - days(90), now - days(20)});
                     },
                     KibanaVerdict::unknown}));

INSTANTIATE_TEST_SUITE_P(
    Stopped,
    KibanaDecisionTable,
    ::testing::Values(DecisionCase{"by somebody else",
                                   [](Facts& facts, Policy&) {
                                       facts.app.instances = facts.app.running = 0;
                                   },
                                   KibanaVerdict::foreign},
                      DecisionCase{"by somebody else, adopted",
                                   [](Facts& facts, Policy& policy) {
                                       facts.app.instances = facts.app.running = 0;
                                       policy.adopt_suspended = true;
                                   },
                                   KibanaVerdict::suspended},
                      DecisionCase{"by us",
                                   [](Facts& facts, Policy&) { suspend(facts, days(3)); },
                                   KibanaVerdict::suspended},
                      DecisionCase{"and asked for since",
                                   [](Facts& facts, Policy&) {
                                       suspend(facts, days(3));
                                       facts.state.last_activity = now - days(3) + one;
                                   },
                                   KibanaVerdict::wanted,
                                   KibanaStep::resume},
                      DecisionCase{"and asked for at the same instant",
                                   [](Facts& facts, Policy&) {
                                       suspend(facts, days(3));
                                       facts.state.last_activity = now - days(3);
                                   },
                                   KibanaVerdict::suspended},
                      DecisionCase{"and protected since",
                                   [](Facts& facts, Policy&) {
                                       suspend(facts, days(3));
                                       facts.labels.is_protected = true;
                                   },
                                   KibanaVerdict::protected_from_us,
                                   KibanaStep::resume},
                      DecisionCase{"so long that its owner is told of the end",
                                   [](Facts& facts, Policy&) { suspend(facts, days(53)); },
                                   KibanaVerdict::suspended,
                                   KibanaStep::notify_destroy},
                      DecisionCase{"not yet so long",
                                   [](Facts& facts, Policy&) { suspend(facts, days(53) - one); },
                                   KibanaVerdict::suspended},
                      DecisionCase{"and the end has come",
                                   [](Facts& facts, Policy&) {
                                       suspend(facts, days(60));
                                       facts.state.destroy_notice_at = now - days(7);
                                   },
                                   KibanaVerdict::suspended,
                                   KibanaStep::destroy},
                      DecisionCase{"and told too late for the end",
                                   [](Facts& facts, Policy&) {
                                       suspend(facts, days(90));
                                       facts.state.destroy_notice_at = now - days(7) + one;
                                   },
                                   KibanaVerdict::suspended},
                      DecisionCase{"and told of an earlier end",
                                   [](Facts& facts, Policy&) {
                                       suspend(facts, days(90));
                                       facts.state.destroy_notice_at = now - days(100);
                                   },
                                   KibanaVerdict::suspended,
                                   KibanaStep::notify_destroy},
                      DecisionCase{"and could not be made anew",
                                   [](Facts& facts, Policy&) {
                                       suspend(facts, days(90));
                                       facts.state.destroy_notice_at = now - days(20);
                                       facts.state.saved_version.clear();
                                   },
                                   KibanaVerdict::suspended},
                      DecisionCase{"for ever",
                                   [](Facts& facts, Policy& policy) {
                                       suspend(facts, days(900));
                                       facts.state.destroy_notice_at = now - days(20);
                                       policy.destroy_after = milliseconds(0);
                                   },
                                   KibanaVerdict::suspended}));

/// Facts of all kinds, most of them near a boundary.
class AnyKibana {
 public:
    explicit AnyKibana(std::uint64_t seed) : random_(seed) {}

    KibanaFacts make() {
        KibanaFacts facts = quiet_kibana();
        facts.watched = {};
        for (std::size_t parts = below(4); parts > 0; --parts) {
            const WallTime begin = past();
            facts.watched.add({begin, std::min(now, begin + hours(below(24 * 40)))});
        }
        if (chance()) {
            facts.watched.add({now - days(30), now});
        }
        facts.app.instances = static_cast<std::int64_t>(below(3));
        facts.app.running = facts.app.instances;
        facts.app.is_deploying = below(8) == 0;
        facts.app.scaled_at = past();
        facts.app.configured_at = past();
        const auto maybe = [&](std::optional<WallTime>& time) {
            if (chance()) {
                time = past();
            }
        };
        maybe(facts.app.made_at);
        maybe(facts.state.last_activity);
        maybe(facts.state.notice_at);
        maybe(facts.state.notice_of);
        maybe(facts.state.suspended_at);
        maybe(facts.state.resumed_at);
        maybe(facts.state.destroy_notice_at);
        facts.labels.is_protected = below(8) == 0;
        facts.state.saved_version = chance() ? "v1" : "";
        return facts;
    }

    bool chance() { return below(2) == 0; }

    std::size_t below(std::size_t limit) { return random_() % limit; }

    WallTime past() { return now - hours(below(24 * 80)) - milliseconds(below(2)); }

 private:
    std::mt19937_64 random_;
};

bool takes_away(KibanaStep step) {
    return step == KibanaStep::suspend || step == KibanaStep::destroy;
}

/// How near a running app is to being suspended; larger is nearer.
int nearness(const KibanaDecision& decision) {
    if (decision.step == KibanaStep::suspend) {
        return 3;
    }
    return decision.verdict == KibanaVerdict::idle        ? 2
           : decision.verdict == KibanaVerdict::idle_soon ? 1
                                                          : 0;
}

TEST(KibanaDecisions, NeverSuspendWithoutHavingWatched) {
    for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
        KibanaFacts facts = AnyKibana(seed).make();
        facts.watched = {};
        const KibanaDecision decision = decide_kibana(facts, {}, now);
        EXPECT_NE(to_string(decision.step), to_string(KibanaStep::suspend)) << seed;
        EXPECT_NE(to_string(decision.step), to_string(KibanaStep::notify)) << seed;
    }
}

TEST(KibanaDecisions, ActOnlyOnWhatIsKnown) {
    for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
        const KibanaDecision decision = decide_kibana(AnyKibana(seed).make(), {}, now);
        if (decision.verdict == KibanaVerdict::unknown || decision.verdict == KibanaVerdict::busy ||
            decision.verdict == KibanaVerdict::foreign) {
            EXPECT_EQ(to_string(decision.step), "") << seed;
        }
    }
}

TEST(KibanaDecisions, NeverComeNearerByUse) {
    for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
        AnyKibana any(seed);
        const KibanaFacts before = any.make();
        if (before.app.instances == 0) {
            continue;
        }
        KibanaFacts after = before;
        const WallTime use = any.past();
        after.state.last_activity = std::max(after.state.last_activity, std::optional(use));
        const KibanaDecision decision = decide_kibana(after, {}, now);
        const bool is_told_anew = decision.step == KibanaStep::notify;  // of use that was seen late
        EXPECT_TRUE(is_told_anew || nearness(decision) <= nearness(decide_kibana(before, {}, now)))
            << seed;
    }
}

TEST(KibanaDecisions, NeverComeNearerByLabels) {
    for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
        AnyKibana any(seed);
        const KibanaFacts facts = any.make();
        const KibanaPolicy policy;
        const KibanaPolicy longer = lengthened(
            policy, {.idle_after = days(any.below(60)), .destroy_after = days(any.below(200))});
        const KibanaDecision plain = decide_kibana(facts, policy, now);
        const KibanaDecision with_label = decide_kibana(facts, longer, now);
        EXPECT_LE(nearness(with_label), nearness(plain)) << seed;
        if (takes_away(with_label.step)) {
            EXPECT_TRUE(takes_away(plain.step)) << seed;
        }
    }
}

TEST(KibanaDecisions, DestroyNothingThatCouldNotBeMadeAnew) {
    for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
        KibanaFacts facts = AnyKibana(seed).make();
        facts.state.saved_version.clear();
        EXPECT_NE(to_string(decide_kibana(facts, {}, now).step), to_string(KibanaStep::destroy))
            << seed;
    }
}

}  // namespace
}  // namespace caretaker
