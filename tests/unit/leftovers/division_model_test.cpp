// SPDX-License-Identifier: Apache-2.0
// Division of many amounts at once, against that of whole numbers one by one.
#include "jobs/leftovers/division_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

constexpr std::size_t ports = scalar_count;

struct Agent {
    std::array<Milli, scalar_count> free{};
    std::int32_t free_ports = 0;
};

DivisionColumns columns_of(const std::vector<Agent>& agents) {
    DivisionColumns columns;
    for (const Agent& agent : agents) {
        for (std::size_t r = 0; r < scalar_count; ++r) {
            columns.free.at(r).push_back(static_cast<double>(agent.free.at(r)));
        }
        columns.ports.push_back(agent.free_ports);
    }
    return columns;
}

/// One by one: instances, and what bounds them or is short.
std::pair<std::int32_t, Division> divide_one(const Agent& agent, const Needs& needs) {
    std::int64_t fewest = most_on_agent;
    std::size_t bound_by = 0;
    std::optional<std::size_t> short_of;
    for (std::size_t r = 0; r <= ports; ++r) {
        const Milli need = r == ports ? needs.dynamic_ports : needs.scalars.at(r);
        if (need == 0) {
            continue;
        }
        const Milli quotient = (r == ports ? agent.free_ports : agent.free.at(r)) / need;
        if (quotient == 0 && !short_of) {
            short_of = r;
        }
        if (quotient < fewest) {
            fewest = quotient;
            bound_by = r;
        }
    }
    const auto first = static_cast<std::size_t>(Division::short_of_cpus);
    return {static_cast<std::int32_t>(fewest),
            static_cast<Division>(short_of ? first + *short_of : bound_by)};
}

Quotients quotients_of(const std::vector<Agent>& agents, const Needs& needs) {
    Quotients quotients;
    divide(columns_of(agents), needs, quotients);
    return quotients;
}

TEST(Division, IsThatOfWholeNumbers) {
    std::mt19937_64 random(5);
    std::vector<Agent> agents;
    constexpr Milli need = 999'983;
    for (int i = 0; i < 100'000; ++i) {
        const auto quotient = static_cast<Milli>(random() % (most_on_agent - 1));
        const auto rest = static_cast<Milli>(random() % need);
        for (const Milli free :
             {quotient * need, quotient * need + need - 1, quotient * need + rest}) {
            agents.push_back({.free = {free}});
        }
    }
    const Quotients quotients = quotients_of(agents, {.scalars = {need}});
    for (std::size_t i = 0; i < agents.size(); ++i) {
        ASSERT_EQ(quotients.instances[i], agents[i].free[0] / need) << agents[i].free[0];
    }
}

TEST(Division, TellsWhatBindsAndWhatIsShort) {
    std::mt19937 random(7);
    const auto draw = [&](unsigned most) { return static_cast<Milli>(random() % most); };
    // About the lengths of the stretches that are gone through at once.
    for (const std::size_t count : {0U, 1U, 3U, 1023U, 1024U, 1025U, 5000U}) {
        std::vector<Agent> agents(count);
        for (Agent& agent : agents) {
            agent = {.free = {draw(6), draw(6), draw(6), draw(6)},
                     .free_ports = static_cast<std::int32_t>(draw(6))};
        }
        const Needs needs{.scalars = {draw(3), draw(3), draw(3), draw(3)},
                          .dynamic_ports = static_cast<std::int32_t>(draw(3))};
        const Quotients quotients = quotients_of(agents, needs);
        ASSERT_EQ(quotients.instances.size(), count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto [instances, division] = divide_one(agents[i], needs);
            ASSERT_EQ(quotients.instances[i], instances) << i;
            ASSERT_EQ(quotients.divisions[i], division) << i;
        }
    }
}

TEST(Division, CountsNoMoreThanAMillion) {
    const std::vector<Agent> agents{
        {.free = {max_milli}}, {.free = {most_on_agent}}, {.free = {0}}};
    EXPECT_EQ(quotients_of(agents, {.scalars = {1}}).instances,
              (std::vector{most_on_agent, most_on_agent, 0}));
    EXPECT_EQ(quotients_of(agents, {}).instances,
              (std::vector{most_on_agent, most_on_agent, most_on_agent}))
        << "of what takes nothing";
}

TEST(Division, LeavesPortsByNumberToTheCaller) {
    Needs needs{.scalars = {1}, .dynamic_ports = 5};
    needs.static_ports.add(80, 80);
    EXPECT_EQ(quotients_of({{.free = {3}}}, needs).instances, std::vector{3});
}

TEST(PlacesWithRoom, ComeInOrderUntilTheyAreNotWantedAnyMore) {
    std::vector<Agent> agents(3000);
    for (const std::size_t place : {0U, 7U, 1023U, 1024U, 2999U}) {
        agents[place] = {.free = {5, 5}};
    }
    agents[8] = {.free = {5, 4}};
    const auto places_up_to = [&](std::size_t most) {
        std::vector<std::size_t> places;
        for_each_with_room(columns_of(agents), {.scalars = {5, 5}}, [&](std::size_t place) {
            places.push_back(place);
            return places.size() < most;
        });
        return places;
    };
    EXPECT_EQ(places_up_to(9), (std::vector<std::size_t>{0, 7, 1023, 1024, 2999}));
    EXPECT_EQ(places_up_to(2), (std::vector<std::size_t>{0, 7}));
}

}  // namespace
}  // namespace caretaker
