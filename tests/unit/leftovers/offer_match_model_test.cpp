// SPDX-License-Identifier: Apache-2.0
// What was offered against the books: each reason, and what looks like one and is none.
#include "jobs/leftovers/offer_match_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/offer_subscription.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

using testing::read_facts;
using testing::reserved_agent;

ClusterFacts facts_of(std::initializer_list<std::string_view> documents) {
    ClusterFacts facts = read_facts(documents);
    judge_agents(facts, {});
    return facts;
}

MesosResource scalar(std::string name, Milli amount, std::vector<std::string> roles = {}) {
    MesosResource resource{.name = std::move(name), .amount = amount};
    for (std::string& role : roles) {
        resource.reservations.push_back({.role = std::move(role)});
    }
    return resource;
}

MesosResource ports(std::uint64_t begin, std::uint64_t end) {
    MesosResource resource{.name = "ports"};
    resource.ranges.add(begin, end);
    return resource;
}

NotedOffer offer(std::vector<MesosResource> resources, std::uint32_t round = 0) {
    return {.offer = {.id = "O", .agent_id = "S0", .hostname = "h1", .resources = resources},
            .round = round};
}

struct MatchCase {
    std::vector<std::string> roles{"*"};
    std::vector<std::string_view> capabilities = offer_capabilities("");
    std::optional<std::string_view> after{};
    std::string_view more{};  // a further document
};

OfferMatches match(std::string_view before,
                   const std::vector<NotedOffer>& offers,
                   const MatchCase& more = {}) {
    const ClusterFacts first =
        more.more.empty() ? facts_of({before}) : facts_of({before, more.more});
    const ClusterFacts second = facts_of({more.after.value_or(before)});
    return match_offers({.before = first,
                         .after = second,
                         .offers = offers,
                         .roles = more.roles,
                         .capabilities = more.capabilities});
}

/// Of the one agent.
OfferMatch reason(std::string_view before,
                  const std::vector<NotedOffer>& offers,
                  const MatchCase& more = {}) {
    const OfferMatches matches = match(before, offers, more);
    for (const OfferMatch known : all_offer_matches) {
        if (matches.count(known) == 1) {
            return known;
        }
    }
    ADD_FAILURE() << "not one agent";
    return OfferMatch::match;
}

// 6 cpus, 700 MB and two ports are left.
constexpr std::string_view plain =
    R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":8,"mem":1000,)"
    R"("ports":"[31000-31003]"},"used_resources":{"cpus":2,"mem":300,"ports":"[31000-31001]"}}]})";

TEST(OfferMatch, AddsUpWhatCameTogether) {
    const std::vector<NotedOffer> pieces{offer({scalar("cpus", 4000), scalar("mem", 700'000)}),
                                         offer({scalar("cpus", 2000), ports(31002, 31003)})};
    EXPECT_EQ(reason(plain, pieces), OfferMatch::match);
}

TEST(OfferMatch, TakesTheLaterOfWhatCameAgain) {
    const std::vector<MesosResource> all{
        scalar("cpus", 6000), scalar("mem", 700'000), ports(31002, 31003)};
    // Declined, and so offered to the framework's other role.
    EXPECT_EQ(reason(plain, {offer(all, 0), offer(all, 1)}), OfferMatch::match);
    EXPECT_EQ(reason(plain, {offer({scalar("cpus", 1000)}, 0), offer(all, 3)}), OfferMatch::match);
    NotedOffer gone = offer(all);
    gone.is_rescinded = true;
    EXPECT_EQ(reason(plain, {gone}), OfferMatch::unexplained);
    EXPECT_EQ(reason(plain, {offer(all, 0), gone}), OfferMatch::match);
}

TEST(OfferMatch, ComparesPortsAsSets) {
    const auto with = [](std::uint64_t begin, std::uint64_t end) {
        return std::vector<NotedOffer>{
            offer({scalar("cpus", 6000), scalar("mem", 700'000), ports(begin, end)})};
    };
    EXPECT_EQ(reason(plain, with(31002, 31003)), OfferMatch::match);
    EXPECT_EQ(reason(plain, with(31001, 31002)), OfferMatch::unexplained) << "31001 is in use";
    EXPECT_EQ(reason(plain, with(31002, 31002)), OfferMatch::dust) << "one port alone is no offer";
}

TEST(OfferMatch, CallsItUnexplainedWhereMoreIsOffered) {
    EXPECT_EQ(
        reason(plain, {offer({scalar("cpus", 6001), scalar("mem", 700'000), ports(31002, 31003)})}),
        OfferMatch::unexplained);
    EXPECT_EQ(reason(plain,
                     {offer({scalar("cpus", 6000),
                             scalar("mem", 700'000),
                             ports(31002, 31003),
                             scalar("fpga", 1)})}),
              OfferMatch::unexplained);
}

TEST(OfferMatch, CountsReservationsOfTheRolesAndThoseAbove) {
    const std::vector<MesosResource> unreserved{scalar("cpus", 3500),
                                                scalar("mem", 11'264'000),
                                                ports(31000, 31001),
                                                ports(31004, 31006),
                                                ports(31008, 31009)};
    MesosResource revocable = scalar("cpus", 1500);
    revocable.is_revocable = true;
    const auto with = [&](std::vector<MesosResource> more) {
        more.insert(more.end(), unreserved.begin(), unreserved.end());
        more.push_back(revocable);
        return std::vector<NotedOffer>{offer(std::move(more))};
    };
    EXPECT_EQ(reason(reserved_agent, with({}), {.roles = {"*"}}), OfferMatch::match);
    const auto logs = with({scalar("cpus", 3000, {"logs"}), scalar("mem", 6'144'000, {"logs"})});
    EXPECT_EQ(reason(reserved_agent, logs, {.roles = {"logs"}}), OfferMatch::match);
    EXPECT_EQ(reason(reserved_agent, logs, {.roles = {"*"}}), OfferMatch::unexplained);
    const auto refined = with({scalar("cpus", 3000, {"logs"}),
                               scalar("mem", 6'144'000, {"logs"}),
                               scalar("mem", 3'072'000, {"logs", "logs/es"})});
    EXPECT_EQ(reason(reserved_agent, refined, {.roles = {"logs/es"}}), OfferMatch::match);
    EXPECT_EQ(reason(reserved_agent, logs, {.roles = {"logs/es"}}), OfferMatch::unexplained);
    EXPECT_EQ(reason(reserved_agent,
                     logs,
                     {.roles = {"logs/es"}, .capabilities = offer_capabilities("1.3.0")}),
              OfferMatch::capability);
}

TEST(OfferMatch, KnowsWhatOthersHold) {
    constexpr std::string_view held =
        R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":8,"mem":1000},)"
        R"("used_resources":{"cpus":2,"mem":300},"offered_resources":{"cpus":4,"mem":100}}]})";
    const auto rest = [](Milli cpus) {
        return std::vector<NotedOffer>{offer({scalar("cpus", cpus), scalar("mem", 600'000)})};
    };
    EXPECT_EQ(reason(held, rest(2000)), OfferMatch::offered_elsewhere) << "exactly theirs";
    EXPECT_EQ(reason(held, rest(1999)), OfferMatch::unexplained);
    EXPECT_EQ(reason(held, rest(3000)), OfferMatch::offered_elsewhere);
}

TEST(OfferMatch, KnowsDustByTheMastersFlag) {
    constexpr std::string_view small =
        R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":1.009,"mem":131.999},)"
        R"("used_resources":{"cpus":1,"mem":100}}]})";
    EXPECT_EQ(reason(small, {}), OfferMatch::dust);
    constexpr std::string_view enough =
        R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":1.01,"mem":131.999},)"
        R"("used_resources":{"cpus":1,"mem":100}}]})";
    EXPECT_EQ(reason(enough, {}), OfferMatch::unexplained);
    EXPECT_EQ(
        reason(enough, {}, {.more = R"({"flags":{"min_allocatable_resources":"cpus:0.1;mem:1"}})"}),
        OfferMatch::dust);
    EXPECT_EQ(reason(small, {}, {.more = R"({"flags":{"min_allocatable_resources":""}})"}),
              OfferMatch::unexplained);
}

TEST(OfferMatch, KnowsAgentsThatMesosDoesNotOffer) {
    constexpr std::string_view inactive =
        R"({"slaves":[{"id":"S0","hostname":"h1","active":false,"resources":{"cpus":8,"mem":1000},)"
        R"("used_resources":{}}]})";
    EXPECT_EQ(reason(inactive, {}), OfferMatch::state);
    EXPECT_EQ(reason(inactive, {offer({scalar("cpus", 1000)})}), OfferMatch::unexplained)
        << "it must not have been";
    constexpr std::string_view full =
        R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":1},"used_resources":{"cpus":1}}]})";
    EXPECT_EQ(reason(full, {}), OfferMatch::match) << "nothing is left, nothing offered";
}

TEST(OfferMatch, DoesNotJudgeBooksThatChanged) {
    constexpr std::string_view later =
        R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":8,"mem":1000,)"
        R"("ports":"[31000-31003]"},"used_resources":{"cpus":5,"mem":300}}]})";
    EXPECT_EQ(reason(plain, {}, {.after = later}), OfferMatch::stale);
    EXPECT_EQ(reason(plain, {}, {.after = R"({"slaves":[]})"}), OfferMatch::stale);
    const OfferMatches joined =
        match(R"({"slaves":[]})", {offer({scalar("cpus", 8000)})}, {.after = plain});
    EXPECT_EQ(joined.count(OfferMatch::stale), 1) << "an agent that came";
    const OfferMatches unknown = match(R"({"slaves":[]})", {offer({scalar("cpus", 8000)})});
    EXPECT_EQ(unknown.count(OfferMatch::unexplained), 1);
}

TEST(OfferMatch, KnowsQuotaAndWhatIsHeldBackForOthers) {
    constexpr std::string_view used_up =
        R"({"roles":[{"name":"logs","quota":{"limit":{"cpus":2},"consumed":{"cpus":2}}}]})";
    EXPECT_EQ(reason(plain, {}, {.roles = {"logs"}, .more = used_up}), OfferMatch::quota);
    EXPECT_EQ(reason(plain, {}, {.roles = {"*", "logs"}, .more = used_up}), OfferMatch::unexplained)
        << "the other role has no limit";
    constexpr std::string_view held =
        R"({"roles":[{"name":"db","quota":{"guarantee":{"cpus":6},"consumed":{"cpus":0}}}]})";
    EXPECT_EQ(reason(plain, {}, {.roles = {"*"}, .more = held}), OfferMatch::headroom);
    EXPECT_EQ(reason(plain, {}, {.roles = {"db"}, .more = held}), OfferMatch::unexplained)
        << "it is for that role";
    constexpr std::string_view both =
        R"({"roles":[{"name":"db","quota":{"guarantee":{"cpus":6},"consumed":{"cpus":0}}},)"
        R"({"name":"logs","quota":{"limit":{"cpus":2},"consumed":{"cpus":2}}}]})";
    EXPECT_EQ(reason(plain, {}, {.roles = {"*", "logs"}, .more = both}), OfferMatch::quota)
        << "one by its limit, the other behind a guarantee";
    EXPECT_EQ(reason(plain, {}, {.roles = {"*"}, .more = both}), OfferMatch::headroom);
    EXPECT_EQ(reason(reserved_agent,
                     {offer({scalar("cpus", 3500), scalar("mem", 11'264'000)})},
                     {.roles = {"logs"}, .more = used_up}),
              OfferMatch::unexplained)
        << "reservations lie beyond quota";
}

TEST(OfferMatch, SaysWhereTheBooksTellSumsAlone) {
    constexpr std::string_view sums =
        R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":8,"mem":1000},)"
        R"("reserved_resources":{"logs":{"cpus":4,"mem":500}},)"
        R"("used_resources":{"cpus":2,"mem":300}}]})";
    EXPECT_EQ(reason(sums, {offer({scalar("cpus", 3000)})}), OfferMatch::inexact);
}

TEST(OfferMatch, ComparesDisksAsTheBooksTellThem) {
    MesosResource path = scalar("disk", 500'000);
    path.disk = DiskKind::path;
    MesosResource volume = scalar("disk", 100'000);
    volume.volume = "v1";
    const std::vector<NotedOffer> offers{
        offer({scalar("cpus", 8000), scalar("disk", 400'000), path, volume})};
    constexpr std::string_view sums =
        R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":8,"disk":1000},)"
        R"("used_resources":{}}]})";
    EXPECT_EQ(reason(sums, offers), OfferMatch::match) << "sums add up all kinds";
    constexpr std::string_view detailed =
        R"({"slaves":[{"id":"S0","hostname":"h1","unreserved_resources_full":[)"
        R"({"name":"cpus","scalar":{"value":8},"role":"*"},)"
        R"({"name":"disk","scalar":{"value":1000},"role":"*"}],"used_resources_full":[]}]})";
    EXPECT_EQ(reason(detailed, offers), OfferMatch::unexplained);
}

TEST(OfferMatch, AddsUpOverAgents) {
    const OfferMatches matches =
        match(plain, {offer({scalar("cpus", 4000), scalar("mem", 700'000), ports(31002, 31003)})});
    const auto cpus = matches.sums.find({.resource = "cpus"});
    ASSERT_NE(cpus, matches.sums.end());
    EXPECT_EQ(cpus->second, (std::pair<Milli, Milli>(6000, 4000)));
    ASSERT_EQ(matches.agents.size(), 1U);
    EXPECT_EQ(matches.agents.front().hostname, "h1");
}

TEST(OfferedKind, ReadsLikeASentence) {
    EXPECT_EQ((OfferedKind{.resource = "cpus"}).text(), "cpus");
    EXPECT_EQ((OfferedKind{.resource = "mem", .roles = "logs"}).text(), "mem for logs");
    EXPECT_EQ((OfferedKind{.resource = "cpus", .is_revocable = true}).text(), "revocable cpus");
    EXPECT_EQ((OfferedKind{.resource = "disk", .disk = DiskKind::mount, .is_volume = true}).text(),
              "mount disk in volumes");
}

TEST(OfferProbe, AsksForTheCapabilitiesThatAMasterKnows) {
    EXPECT_EQ(offer_capabilities("").size(), 7U);
    EXPECT_EQ(offer_capabilities("1.11.0").size(), 7U);
    EXPECT_EQ(offer_capabilities("what").size(), 7U);
    EXPECT_EQ(offer_capabilities("0.25.1").size(), 0U);
    EXPECT_EQ(offer_capabilities("0.26.0"), (std::vector<std::string_view>{"REVOCABLE_RESOURCES"}));
    EXPECT_EQ(offer_capabilities("1.2.0-rc1").back(), "MULTI_ROLE");
    EXPECT_EQ(offer_capabilities("1.4").back(), "RESERVATION_REFINEMENT");
}

TEST(OfferProbe, SubscribesWithoutFailover) {
    const std::string several = format_subscription(
        {.name = "n", .principal = "ops", .roles = {"*", "logs"}, .capabilities = {"MULTI_ROLE"}});
    EXPECT_EQ(several,
              R"({"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"nobody","name":"n",)"
              R"("principal":"ops","failover_timeout":0,"checkpoint":false,"roles":["*","logs"],)"
              R"("capabilities":[{"type":"MULTI_ROLE"}]}}})");
    const std::string one = format_subscription({.name = "n", .roles = {"logs"}});
    EXPECT_EQ(one,
              R"({"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"nobody","name":"n",)"
              R"("failover_timeout":0,"checkpoint":false,"role":"logs","capabilities":[]}}})");
}

TEST(MesosDuration, IsReadAsMesosWritesIt) {
    using std::chrono::milliseconds;
    EXPECT_EQ(parse_mesos_duration("1secs"), milliseconds(1'000));
    EXPECT_EQ(parse_mesos_duration("1.5mins"), milliseconds(90'000));
    EXPECT_EQ(parse_mesos_duration("500ms"), milliseconds(500));
    EXPECT_EQ(parse_mesos_duration("1days"), milliseconds(86'400'000));
    for (const std::string_view text :
         {"", "1", "secs", "-1secs", "1sec", "2days", "nansecs", "1e99secs"}) {
        EXPECT_FALSE(parse_mesos_duration(text)) << text;
    }
}

}  // namespace
}  // namespace caretaker
